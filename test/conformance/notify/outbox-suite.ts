/** What every outbox must do. An engine's test hands in how to open it, on an empty one each time. */
import { expect, test } from 'vitest';
import type { DecisionRow, DeliveryRow, HeldRow, Outbox, OutboxChanges } from '../../../src/notify/delivery/outbox.ts';

export interface OutboxUnderTest {
  /** Opens the same outbox again when it is called again within one test. */
  open(): Promise<{ outbox: Outbox; close(): Promise<void> }>;
}

export const newDeliveryRow = (overrides: Partial<DeliveryRow> = {}): DeliveryRow => ({
  id: 'd1',
  channel: 'phone',
  type: 'alert',
  status: 'waiting',
  severity: 'High',
  title: 'High: Hall camera',
  created: 1_792_152_000_123,
  due: 1_792_152_000_123,
  ended: null,
  attempts: 0,
  addresses: ' 02:00:00:00:00:01 ',
  escalates: null,
  message: '{"id":"d1"}',
  log: '[]',
  ...overrides,
});
const newHeldRow = (overrides: Partial<HeldRow> = {}): HeldRow => ({
  id: 'h1',
  channel: 'phone',
  reason: 'quiet',
  due: 1_792_152_000_123,
  delivery: 'd9',
  address: '02:00:00:00:00:01',
  brief: '{}',
  ...overrides,
});
const newDecisionRow = (overrides: Partial<DecisionRow> = {}): DecisionRow => ({
  alert: 'a1',
  ts: 1_792_152_000_123,
  severity: 'High',
  address: '02:00:00:00:00:01',
  decisions: '[]',
  ...overrides,
});
const changes = (some: Partial<OutboxChanges>): OutboxChanges => ({
  deliveries: [],
  held: [],
  released: [],
  decisions: [],
  ...some,
});
const ids = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);
const numbered = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export function outboxConformance(engine: OutboxUnderTest): void {
  const withOutbox = async (body: (outbox: Outbox) => Promise<void>): Promise<void> => {
    const { outbox, close } = await engine.open();
    try {
      await body(outbox);
    } finally {
      await close();
    }
  };

  test('what was committed is there after a restart', async () => {
    const delivery = newDeliveryRow({ title: `it's; drop table notify_delivery -- \u202e`, escalates: 'a1' });
    const held = newHeldRow();
    await withOutbox((outbox) =>
      outbox.commit(changes({ deliveries: [delivery], held: [held], decisions: [newDecisionRow()] })),
    );
    await withOutbox(async (outbox) => {
      expect(await outbox.load({ decisions: 10 })).toEqual({
        deliveries: [delivery],
        held: [held],
        decisions: [newDecisionRow()],
      });
    });
  });

  test('a start takes up what waits, and the newest decisions in their order', () =>
    withOutbox(async (outbox) => {
      await outbox.commit(
        changes({
          deliveries: [
            newDeliveryRow({ id: 'd1', status: 'delivered' }),
            newDeliveryRow({ id: 'd2' }),
            newDeliveryRow({ id: 'd3', status: 'dead' }),
            newDeliveryRow({ id: 'd4', status: 'cancelled' }),
          ],
          decisions: numbered(5).map((i) => newDecisionRow({ alert: `a${i}` })),
        }),
      );
      const { deliveries, decisions } = await outbox.load({ decisions: 2 });
      expect(ids(deliveries)).toEqual(['d2']);
      expect(decisions.map(({ alert }) => alert)).toEqual(['a3', 'a4']);
    }));

  test('a delivery that changes is replaced, held alerts are released with the delivery that tells them', () =>
    withOutbox(async (outbox) => {
      await outbox.commit(changes({ deliveries: [newDeliveryRow()], held: [newHeldRow(), newHeldRow({ id: 'h2' })] }));
      await outbox.commit(
        changes({
          deliveries: [newDeliveryRow({ status: 'delivered', attempts: 3, ended: 5 }), newDeliveryRow({ id: 'd9' })],
          held: [newHeldRow({ id: 'h2', brief: '{"count":2}' })],
          released: ['h1'],
        }),
      );
      expect(await outbox.deliveriesById(['d1'])).toEqual([
        newDeliveryRow({ status: 'delivered', attempts: 3, ended: 5 }),
      ]);
      const { deliveries, held } = await outbox.load({ decisions: 0 });
      expect(ids(deliveries)).toEqual(['d9']);
      expect(held).toEqual([newHeldRow({ id: 'h2', brief: '{"count":2}' })]);
    }));

  test('a commit is whole or not at all, and harms none beside it', () =>
    withOutbox(async (outbox) => {
      const bad = newHeldRow({ due: null as unknown as number });
      const outcomes = await Promise.allSettled([
        outbox.commit(changes({ deliveries: [newDeliveryRow({ id: 'd1' })] })),
        outbox.commit(changes({ deliveries: [newDeliveryRow({ id: 'd2' })], held: [bad] })),
        outbox.commit(changes({ deliveries: [newDeliveryRow({ id: 'd3' })] })),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(ids((await outbox.load({ decisions: 0 })).deliveries)).toEqual(['d1', 'd3']);
    }));

  test('a storm goes in at once', () =>
    withOutbox(async (outbox) => {
      const many = numbered(2500);
      await outbox.commit(
        changes({
          deliveries: many.map((i) => newDeliveryRow({ id: `d${i}` })),
          held: many.map((i) => newHeldRow({ id: `h${i}` })),
          decisions: many.map((i) => newDecisionRow({ alert: `a${i}` })),
        }),
      );
      await outbox.commit(changes({ released: many.map((i) => `h${i}`) }));
      const { deliveries, held } = await outbox.load({ decisions: 1 });
      expect([deliveries.length, held.length]).toEqual([2500, 0]);
      expect(await outbox.deliveriesById(many.map((i) => `d${i}`))).toHaveLength(2500);
    }));

  test('pages of the log run without gap or overlap, equal times included', () =>
    withOutbox(async (outbox) => {
      const rows = numbered(9).map((i) =>
        newDeliveryRow({
          id: `d${i}`,
          created: 100 + Math.floor(i / 3),
          channel: i % 2 ? 'mail' : 'phone',
          status: i > 5 ? 'dead' : 'waiting',
        }),
      );
      await outbox.commit(changes({ deliveries: rows }));
      const seen: string[] = [];
      for (let page = await outbox.deliveries({ limit: 2 }); page.length > 0; ) {
        seen.push(...ids(page));
        page = await outbox.deliveries({ limit: 2, before: page.at(-1)! });
      }
      expect(seen).toEqual(['d8', 'd7', 'd6', 'd5', 'd4', 'd3', 'd2', 'd1', 'd0']);
      expect(ids(await outbox.deliveries({ limit: 9, channel: 'mail', status: 'dead' }))).toEqual(['d7']);
    }));

  test('decisions of an alert come in their order', () =>
    withOutbox(async (outbox) => {
      const rows = [newDecisionRow({ ts: 5 }), newDecisionRow({ alert: 'other' }), newDecisionRow({ ts: 3 })];
      await outbox.commit(changes({ decisions: rows }));
      expect((await outbox.decisions('a1')).map(({ ts }) => ts)).toEqual([5, 3]);
      expect(await outbox.decisions('nothing')).toEqual([]);
    }));

  test('pruning keeps what waits and the newest', () =>
    withOutbox(async (outbox) => {
      await outbox.commit(
        changes({
          deliveries: [
            newDeliveryRow({ id: 'old-waits', created: 1 }),
            newDeliveryRow({ id: 'old', created: 2, ended: 10, status: 'delivered' }),
            newDeliveryRow({ id: 'excess', created: 50, ended: 120, status: 'dead' }),
            newDeliveryRow({ id: 'new-1', created: 130, ended: 130, status: 'delivered' }),
            newDeliveryRow({ id: 'new-2', created: 140, ended: 140, status: 'dead' }),
          ],
          decisions: [10, 110, 120, 130].map((ts) => newDecisionRow({ ts })),
        }),
      );
      await outbox.prune({ before: 100, keep: 2 });
      expect(ids(await outbox.deliveries({ limit: 9 }))).toEqual(['new-2', 'new-1', 'old-waits']);
      expect((await outbox.decisions('a1')).map(({ ts }) => ts)).toEqual([120, 130]);
    }));

  test('forgetting a device leaves nothing of it, and nothing else missing', () =>
    withOutbox(async (outbox) => {
      const [gone, other] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
      await outbox.commit(
        changes({
          deliveries: [
            newDeliveryRow({ id: 'alone', addresses: ` ${gone} ` }),
            newDeliveryRow({ id: 'both-ended', addresses: ` ${other} ${gone} `, status: 'delivered' }),
            newDeliveryRow({ id: 'both-waits', addresses: ` ${gone} ${other} ` }),
            newDeliveryRow({ id: 'other', addresses: ` ${other} `, status: 'delivered' }),
          ],
          held: [newHeldRow({ id: 'h1', address: gone }), newHeldRow({ id: 'h2', address: other })],
          decisions: [newDecisionRow({ address: gone }), newDecisionRow({ alert: 'a2', address: other })],
        }),
      );
      await outbox.forget(gone);
      await outbox.forget('%');
      expect(ids(await outbox.deliveries({ limit: 9 })).sort()).toEqual(['both-waits', 'other']);
      const { held, decisions } = await outbox.load({ decisions: 9 });
      expect(ids(held)).toEqual(['h2']);
      expect(decisions.map(({ alert }) => alert)).toEqual(['a2']);
    }));
}
