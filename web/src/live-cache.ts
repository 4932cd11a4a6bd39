/** Live events keep the answers that the views have asked for current. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { LiveEvent, MonitorStatus, Traffic, TrafficPoint } from '../../src/api/contract.ts';
import { alertKey, alertsKey, keepAlert } from './alert/queries.ts';
import { devicesKey, dropDevice, keepDevice } from './device/queries.ts';
import { connectionLostAt, subscribeLive, watchConnection } from './live.ts';
import { addPulse, clearPulse, type TrafficEvent } from './monitor/pulse.ts';
import { monitorKey, trafficKey } from './monitor/queries.ts';

/** Events come in bursts; what they make stale is asked for once. */
const SOON_MS = 500;

/** Returns the function that ends it. */
export function keepCurrent(queries: QueryClient): () => void {
  const stale = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refetchSoon = (...keys: QueryKey[]): void => {
    for (const key of keys) stale.set(key.join(' '), key);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const queryKey of stale.values()) void queries.invalidateQueries({ queryKey });
      stale.clear();
    }, SOON_MS);
  };

  const receive = (event: LiveEvent): void => {
    switch (event.type) {
      case 'monitor.state': {
        const { state, reason, since } = event;
        if (state === 'off') clearPulse();
        queries.setQueryData<MonitorStatus>(monitorKey, (known) => known && { ...known, state, reason, since });
        refetchSoon(monitorKey);
        break;
      }
      case 'monitor.gap':
        refetchSoon(monitorKey);
        break;
      case 'monitor.traffic':
        addPulse(event);
        addTraffic(queries, event);
        break;
      case 'alert.raised':
      case 'alert.updated':
        keepAlert(queries, event.alert);
        // Its connections, the state's sentence and the device's risk follow from it.
        refetchSoon(alertKey(event.alert.id), alertsKey, monitorKey, devicesKey);
        break;
      case 'device.found':
        keepDevice(queries, event.device);
        // It may be one that is known by another address.
        refetchSoon(devicesKey, monitorKey);
        break;
      case 'device.changed':
        keepDevice(queries, event.device);
        // Alerts are told under its name.
        refetchSoon(alertsKey, alertKey());
        break;
      case 'device.forgotten':
        dropDevice(queries, event.mac);
        refetchSoon(devicesKey, monitorKey, alertsKey);
        break;
    }
  };

  let lost = false;
  const ends = [
    subscribeLive(receive),
    watchConnection(() => {
      const now = connectionLostAt() !== null;
      // Nobody has told what happened in between.
      if (lost && !now) void queries.invalidateQueries();
      lost = now;
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

/** Into the stretch that it belongs to, of the network and of each device that is looked at. */
function addTraffic(queries: QueryClient, { devices, ...network }: TrafficEvent): void {
  for (const [key, traffic] of queries.getQueriesData<Traffic>({ queryKey: trafficKey })) {
    const [mac, until] = key.slice(2) as (string | number | null)[];
    if (until !== null && Number(until) <= network.ts) continue;
    const second = mac === null ? network : devices.find((device) => device.mac === mac);
    if (traffic && second) queries.setQueryData(key, addSecond(traffic, { ...second, ts: network.ts }));
  }
}

function addSecond({ step, points }: Traffic, second: TrafficPoint): Traffic {
  const ts = Math.floor(second.ts / step) * step;
  const last = points.at(-1);
  if (!last || last.ts < ts) return { step, points: [...points, { ...second, ts }] };
  // The server's answer has it already.
  if (last.ts > ts) return { step, points };
  const strangeness =
    last.strangeness === null || second.strangeness === null
      ? (last.strangeness ?? second.strangeness)
      : Math.max(last.strangeness, second.strangeness);
  const sum = {
    ts,
    packets: last.packets + second.packets,
    bytes: last.bytes + second.bytes,
    strangeness,
    connections: last.connections + second.connections,
    contacts: last.contacts + second.contacts,
  };
  return { step, points: [...points.slice(0, -1), sum] };
}
