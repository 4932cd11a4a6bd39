/**
 * `guardian hub`: takes what the houses send from the broker into PostgreSQL. Any number of them may run: the broker gives
 * each batch to one, and the database puts them in order.
 */
import { AckPolicy, DiscardPolicy, type JsMsg, jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Lane } from '../../store/uplink/tables.ts';
import { patience } from '../transport/nats.ts';
import type { Cursor } from '../transport/uplink.ts';
import { askSubjects, cursorSubject, joinSubject, laneSubjects, sensorOf, streamOf } from '../wire/subject.ts';
import type { HubDatabase } from './database.ts';
import type { Enrolment } from './enrolment.ts';
import { createIntake, type Outcome } from './intake.ts';
import { tenantOf } from './sensor-name.ts';

export interface HubOptions {
  servers: string[];
  ca?: string;
  /** The hub's own secret key. */
  seed: string;
  database: HubDatabase;
  enrolment: Enrolment;
  log: Log;
  clock: Clock;
  /** Called when somebody has joined, before the answer goes out: the broker has to know of it. */
  onJoin(): Promise<void>;
  /** Bytes that wait in the broker for each lane; beyond it the houses keep them. */
  mostBytes: number;
}

export interface Hub {
  close(): Promise<void>;
}

const lanes: readonly Lane[] = ['alert', 'bulk'];
const CONSUMER = 'hub';
const SECOND = 1e9;
/** Longer than the longest transaction, so that no batch is given to a second hub while the first still works on it. */
const ACK_WAIT_S = 60;
const GAP_AGAIN_MS = 500;
const NEWER_AGAIN_MS = 600_000;
const FAILED_AGAIN_MS = 5_000;
const AT_ONCE = 16;
const CONNECT_MS = 15_000;

/** Rejects with AppError `broker_unreachable`. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { servers, ca, seed, log } = options;
  let nats: NatsConnection;
  try {
    nats = await connect({
      ...patience(servers, ca),
      waitOnFirstConnect: false,
      timeout: CONNECT_MS,
      authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
      name: 'guardian hub',
    });
    await createStreams(nats, options.mostBytes);
  } catch (error) {
    throw new AppError(
      'broker_unreachable',
      { server: servers.join(', '), reason: (error as Error).message },
      { cause: error },
    );
  }
  warnOfOldBroker(nats, log);
  answerCursors(nats, options);
  answerJoins(nats, options);
  const consumers = await Promise.all(lanes.map((lane) => takeLane(nats, lane, options)));
  return {
    async close() {
      await Promise.all(consumers.map((stop) => stop()));
      await nats.close();
    },
  };
}

async function createStreams(nats: NatsConnection, mostBytes: number): Promise<void> {
  const manager = await jetstreamManager(nats);
  for (const lane of lanes) {
    const settings = { subjects: [laneSubjects(lane)], max_bytes: mostBytes, duplicate_window: 120 * SECOND };
    try {
      await manager.streams.add({
        name: streamOf(lane),
        retention: RetentionPolicy.Workqueue,
        discard: DiscardPolicy.New,
        ...settings,
      });
    } catch {
      // It is there, perhaps with another size.
      await manager.streams.update(streamOf(lane), settings);
    }
    await manager.consumers.add(streamOf(lane), {
      durable_name: CONSUMER,
      ack_policy: AckPolicy.Explicit,
      ack_wait: ACK_WAIT_S * SECOND,
      max_ack_pending: 256,
    });
  }
}

/** Fixes of holes that are open to whoever reaches it came in these versions. */
function warnOfOldBroker(nats: NatsConnection, log: Log): void {
  const version = nats.info?.version ?? '0';
  const [major, minor, patch] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const isOld =
    major < 2 || (major === 2 && (minor < 11 || (minor === 11 && patch < 16) || (minor === 12 && patch < 7)));
  if (isOld) {
    log.warn({ version }, 'This nats-server has known holes: use 2.12.7, 2.14 or later where others can reach it');
  }
}

async function takeLane(nats: NatsConnection, lane: Lane, options: HubOptions): Promise<() => Promise<void>> {
  const { database, log, clock } = options;
  const intake = createIntake(database);
  const consumer = await jetstream(nats).consumers.get(streamOf(lane), CONSUMER);
  const messages = await consumer.consume({ max_messages: AT_ONCE });

  async function take(message: JsMsg): Promise<void> {
    const sensor = sensorOf(message.subject);
    let result: Outcome;
    try {
      result = await intake({
        sensor,
        lane,
        payload: message.data,
        run: (message.headers?.get('Guardian-Run') ?? '').slice(0, 40),
        sent: Number(message.headers?.get('Guardian-Sent')) || null,
        received: clock.now() / 1000,
      });
    } catch (error) {
      log.warn({ sensor, error: String(error) }, 'A batch could not be kept; it comes again');
      message.nak(FAILED_AGAIN_MS);
      return;
    }
    if (result.outcome === 'gap') return message.nak(GAP_AGAIN_MS);
    if (result.outcome === 'newer') {
      log.warn(
        { sensor, schema: result.schema },
        'A house is newer than its hub: what it sends waits until the hub is updated',
      );
      return message.nak(NEWER_AGAIN_MS);
    }
    if (result.outcome === 'rejected') {
      log.warn({ sensor, lane, reason: result.reason }, 'A batch was refused');
      message.term();
    } else {
      // After the commit: were the acknowledgement lost, the batch would come again and be known.
      message.ack();
    }
    if (result.cursor) nats.publish(cursorSubject(sensor), JSON.stringify([result.cursor]));
  }

  const running = (async () => {
    for await (const message of messages) await take(message);
  })();
  return async () => {
    await messages.close();
    await running;
  };
}

/** A house asks how far the database has come: at its start, and when nothing has moved for long. */
function answerCursors(nats: NatsConnection, { database, log }: HubOptions): void {
  nats.subscribe(askSubjects, {
    queue: 'hub',
    callback: (error, message) => {
      if (error) return;
      const sensor = sensorOf(message.subject);
      void (async () => {
        const { epoch } = message.json<{ epoch?: unknown }>();
        if (typeof epoch !== 'string') return;
        const rows = await database.as(tenantOf(sensor), (transaction) =>
          transaction
            .selectFrom('fleet_cursor')
            .select(['lane', 'committed'])
            .where('tenant', '=', tenantOf(sensor))
            .where('sensor', '=', sensor)
            .where('epoch', '=', epoch)
            .execute(),
        );
        const cursors: Cursor[] = lanes.map((lane) => ({
          epoch,
          lane,
          committed: rows.find((row) => row.lane === lane)?.committed ?? 0,
        }));
        message.respond(JSON.stringify(cursors));
      })().catch((cause: unknown) => log.warn({ sensor, error: String(cause) }, 'A question could not be answered'));
    },
  });
}

function answerJoins(nats: NatsConnection, { enrolment, onJoin, clock, log }: HubOptions): void {
  nats.subscribe(joinSubject, {
    queue: 'hub',
    callback: (error, message) => {
      if (error) return;
      void (async () => {
        const answer = await enrolment.join(message.json(), clock.now() / 1000);
        if ('refused' in answer) log.warn({ reason: answer.refused }, 'Somebody was not let in');
        else {
          await onJoin();
          log.info(answer, 'A house has joined');
        }
        message.respond(JSON.stringify(answer));
      })().catch((cause: unknown) => log.warn({ error: String(cause) }, 'A request to join could not be answered'));
    },
  });
}
