/** Connections of the history as they go over the wire. */
import { connOf } from '../../device/record/flow-record.ts';
import type { StoredFlow } from '../../store/history/flow.ts';
import type { Flow } from '../contract.ts';

/** `alerts`: ids by episode; an alert that is gone has none. */
export function toFlow(flow: StoredFlow, alerts: ReadonlyMap<string, number>): Flow {
  const { id_orig_h, id_orig_p, id_resp_h, id_resp_p, proto } = connOf(flow);
  const { id, ts, uid, device, peer, name, service, tls, duration, orig_bytes, resp_bytes } = flow;
  const { orig_pkts, resp_pkts, conn_state, history, score, open } = flow;
  return {
    ...{ id, ts, uid, device, peer, name, direction: flow.outward ? 'out' : 'in' },
    ...{ id_orig_h: id_orig_h ?? '', id_orig_p, id_resp_h: id_resp_h ?? '', id_resp_p, proto: proto ?? '' },
    ...{ service, tls, duration, orig_bytes, resp_bytes, orig_pkts, resp_pkts, conn_state, history, score, open },
    is_new: flow.isNew,
    alert: flow.episode === null ? null : (alerts.get(flow.episode) ?? null),
  };
}
