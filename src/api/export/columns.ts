/** What is exported of alerts, devices, scans and connections: names stay, and new ones come at the end. */

import type { ScanSummary } from '../../store/store.ts';
import type { Device, Flow, LiveAlert } from '../contract.ts';
import type { Column } from './table.ts';

const text = <Row>(name: string, of: (row: Row) => string | null): Column<Row> => ({ name, type: 'STRING', of });
const count = <Row>(name: string, of: (row: Row) => number | null): Column<Row> => ({ name, type: 'INT64', of });
const real = <Row>(name: string, of: (row: Row) => number | null): Column<Row> => ({ name, type: 'DOUBLE', of });
const flag = <Row>(name: string, of: (row: Row) => boolean): Column<Row> => ({ name, type: 'BOOLEAN', of });
/** ISO 8601 in UTC: what spreadsheets and people read alike. */
const time = <Row>(name: string, of: (row: Row) => number | null): Column<Row> =>
  text(name, (row) => {
    const ts = of(row);
    return ts === null ? null : new Date(ts * 1000).toISOString();
  });

export const alertColumns: readonly Column<LiveAlert>[] = [
  count('id', ({ id }) => id),
  text('status', ({ status }) => status),
  text('severity', ({ severity }) => severity),
  text('kind', ({ kind }) => kind),
  real('confidence', ({ confidence }) => confidence),
  text('device', ({ device }) => device),
  text('mac', ({ mac }) => mac),
  text('address', ({ address }) => address),
  time('start', ({ ts }) => ts),
  time('end', ({ end_ts }) => end_ts),
  time('raised', ({ raised_ts }) => raised_ts),
  time('updated', ({ updated_ts }) => updated_ts),
  text('sentence', ({ sentence }) => sentence),
  text('meaning', ({ meaning }) => meaning),
  text('advice', ({ advice }) => advice.join(' ')),
  text('hosts', ({ hosts }) => hosts.join(' ')),
  count('flows', ({ flows }) => flows),
];

export const deviceColumns: readonly Column<Device>[] = [
  text('mac', ({ mac }) => mac),
  text('name', ({ name }) => name),
  text('kind', ({ kind }) => kind),
  text('vendor', ({ vendor }) => vendor),
  text('ips', ({ ips }) => ips.join(' ')),
  flag('online', ({ online }) => online),
  flag('monitored', ({ monitored }) => monitored),
  flag('gateway', ({ gateway }) => gateway),
  time('first_seen', ({ first_seen }) => first_seen),
  time('last_seen', ({ last_seen }) => last_seen),
  count('packets', ({ packets }) => packets),
  count('bytes', ({ bytes }) => bytes),
  count('packets_sent', ({ packets_sent }) => packets_sent),
  count('bytes_sent', ({ bytes_sent }) => bytes_sent),
  text('services', ({ services }) => services.join(' ')),
  text('risk', ({ risk }) => risk),
  count('open_alerts', ({ open_alerts }) => open_alerts),
];

export const scanColumns: readonly Column<ScanSummary>[] = [
  count('id', ({ id }) => id),
  time('kept', ({ timestamp }) => timestamp / 1000),
  text('file', ({ file }) => file),
  text('format', ({ format }) => format),
  count('records', ({ records }) => records),
  flag('truncated', ({ truncated }) => truncated),
  count('alerts', ({ alerts_count }) => alerts_count),
  text('worst', ({ worst }) => worst),
  text('preset', ({ preset }) => preset),
  count('windows', ({ total_samples }) => total_samples),
  count('anomalies', ({ anomalies_count }) => anomalies_count),
  real('percentage', ({ percentage }) => percentage),
  real('threshold', ({ threshold }) => threshold),
  real('seconds', ({ seconds }) => seconds),
];

export const flowColumns: readonly Column<Flow>[] = [
  time('ts', ({ ts }) => ts),
  text('uid', ({ uid }) => uid),
  text('device', ({ device }) => device),
  text('direction', ({ direction }) => direction),
  text('id.orig_h', ({ id_orig_h }) => id_orig_h),
  count('id.orig_p', ({ id_orig_p }) => id_orig_p),
  text('id.resp_h', ({ id_resp_h }) => id_resp_h),
  count('id.resp_p', ({ id_resp_p }) => id_resp_p),
  text('name', ({ name }) => name),
  text('proto', ({ proto }) => proto),
  text('service', ({ service }) => service),
  text('ja4', ({ tls }) => tls),
  real('duration', ({ duration }) => duration),
  count('orig_bytes', ({ orig_bytes }) => orig_bytes),
  count('resp_bytes', ({ resp_bytes }) => resp_bytes),
  count('orig_pkts', ({ orig_pkts }) => orig_pkts),
  count('resp_pkts', ({ resp_pkts }) => resp_pkts),
  text('conn_state', ({ conn_state }) => conn_state),
  text('history', ({ history }) => history),
  real('score', ({ score }) => score),
  flag('open', ({ open }) => open),
  flag('is_new', ({ is_new }) => is_new),
  count('alert', ({ alert }) => alert),
];
