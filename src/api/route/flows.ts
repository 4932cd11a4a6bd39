/** The history of connections: what a device talked to, and when. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type FlowFilter, type FlowHistory, type FlowPage, groupings, isSummed } from '../../store/history/flow.ts';
import type { Store } from '../../store/store.ts';
import type { App } from '../app.ts';
import { errorSchema, type Flow, flowChartSchema, flowListSchema, flowTopSchema } from '../contract.ts';
import { flowColumns } from '../export/columns.ts';
import { exportAnswers, formatQuery, sendTable } from '../export/send.ts';
import { toFlow } from '../json/flow.ts';
import type { LiveMonitor } from '../port/live-monitor.ts';

const failures = { '4xx': errorSchema, '5xx': errorSchema };
const time = z.coerce.number().min(0).max(8_640_000_000_000).optional();
const filterQuery = {
  since: time,
  until: time,
  /** Link-layer address, IP address or whole name of a device. */
  device: z.string().min(1).max(64).optional(),
  /** The other end: an address, a network (203.0.113.0/24), a name with those below it, or a part of a name. */
  peer: z.string().min(1).max(255).optional(),
  service: z.string().min(1).max(255).toLowerCase().optional(),
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  proto: z.enum(['tcp', 'udp', 'icmp']).optional(),
  direction: z.enum(['out', 'in']).optional(),
  state: z.string().max(8).toUpperCase().optional(),
  /** At least so many bytes of payload. */
  bytes: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  /** `any`: only connections of alerts; a number: those of that alert. */
  alert: z.union([z.literal('any'), z.coerce.number().int().positive()]).optional(),
  novelty: z.enum(['new', 'usual']).optional(),
};
const listQuery = z.strictObject({
  ...filterQuery,
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Only older ones than this id: `next_before` of the page before. */
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
});
const topQuery = z.strictObject({
  ...filterQuery,
  by: z.enum(groupings).default('peer'),
  limit: z.coerce.number().int().min(1).max(200).default(10),
});
const chartQuery = z.strictObject({ ...filterQuery, step: z.enum(['hour', 'day']).default('hour') });
type Query = z.infer<z.ZodObject<typeof filterQuery>>;

const EXPORT_PAGE = 500;
const SECONDS = { hour: 3600, day: 86_400 };
const CUT_SHORT =
  'The search was ended before everything was looked at, so that nothing has to wait for it: go on with the next page, or name a time, a device or an other end.';

export interface FlowRouteOptions {
  /** Null where none is kept. */
  history: FlowHistory | null;
  store: Store;
  /** Knows which addresses and names a device has. */
  monitor?: LiveMonitor;
}

export function flowRoutes(app: App, { history, store, monitor }: FlowRouteOptions): void {
  const kept = (): FlowHistory => {
    if (history === null) throw new AppError('no_history', {});
    return history;
  };

  async function deviceOf(wanted: string): Promise<Pick<FlowFilter, 'device' | 'deviceAddresses'>> {
    const { devices } = (await monitor?.devices()) ?? { devices: [] };
    const lower = wanted.toLowerCase();
    const found = devices.find(
      ({ mac, macs, ips, name }) =>
        mac === lower || macs.includes(lower) || ips.includes(lower) || name.toLowerCase() === lower,
    );
    return found ? { device: found.mac, deviceAddresses: found.ips } : { device: lower };
  }

  async function filterOf({ device, alert, since, until, ...rest }: Query): Promise<FlowFilter> {
    if (since !== undefined && until !== undefined && since >= until) {
      throw new AppError('invalid_request', { reason: '`since` is not before `until`' });
    }
    const { peer, service, port, proto, direction, state, bytes, novelty } = rest;
    const filter: FlowFilter = { since, until, peer, service, port, proto, direction, state, bytes, novelty };
    if (device !== undefined) Object.assign(filter, await deviceOf(device));
    if (alert === 'any') filter.alert = true;
    else if (alert !== undefined) {
      const known = await store.live.alerts.alert(alert);
      if (!known) throw new AppError('alert_not_found', {});
      filter.alert = known.episode;
    }
    return filter;
  }

  async function summedFilter(query: Query): Promise<FlowFilter> {
    const filter = await filterOf(query);
    if (isSummed(filter)) return filter;
    throw new AppError('invalid_request', {
      reason: 'sums are kept by device, other end, service and time; leave the other filters out',
    });
  }

  async function toFlows({ flows }: FlowPage): Promise<Flow[]> {
    const episodes = flows.flatMap(({ episode }) => (episode === null ? [] : [episode]));
    const alerts = await store.live.alerts.known([...new Set(episodes)]);
    return flows.map((flow) => toFlow(flow, alerts));
  }

  async function* pagesOf(filter: FlowFilter): AsyncGenerator<Flow[]> {
    for (let before: number | undefined; ; ) {
      const page = await kept().search(filter, { limit: EXPORT_PAGE, before });
      yield await toFlows(page);
      if (page.before === null) return;
      before = page.before;
    }
  }

  app.get(
    '/api/v1/flows',
    {
      schema: {
        summary: 'Connections of the history, newest first',
        querystring: listQuery,
        response: { 200: flowListSchema, ...failures },
      },
    },
    async ({ query: { limit, before, ...rest } }) => {
      const page = await kept().search(await filterOf(rest), { limit, before });
      return { flows: await toFlows(page), next_before: page.before, note: page.partial ? CUT_SHORT : null };
    },
  );
  app.get(
    '/api/v1/flows/export',
    {
      schema: {
        summary: 'Connections of the history as a file, newest first: CSV, JSON, JSON lines or Parquet',
        querystring: z.strictObject({ ...filterQuery, format: formatQuery }),
        response: exportAnswers,
      },
    },
    async ({ query: { format, ...rest } }, reply) => {
      const filter = await filterOf(rest);
      return sendTable(reply, { name: 'connections', columns: flowColumns, pages: () => pagesOf(filter) }, format);
    },
  );
  app.get(
    '/api/v1/flows/top',
    {
      schema: {
        summary: 'Other ends, devices or services with the most bytes',
        querystring: topQuery,
        response: { 200: flowTopSchema, ...failures },
      },
    },
    async ({ query: { by, limit, ...rest } }) => {
      const filter = await summedFilter(rest);
      const [totals, rows] = await Promise.all([kept().totals(filter), kept().top(filter, by, limit)]);
      return { totals, rows };
    },
  );
  app.get(
    '/api/v1/flows/chart',
    {
      schema: {
        summary: 'Connections and bytes by hour or day',
        querystring: chartQuery,
        response: { 200: flowChartSchema, ...failures },
      },
    },
    async ({ query: { step, ...rest } }) => ({
      step: SECONDS[step],
      points: await kept().chart(await summedFilter(rest), step),
    }),
  );
}
