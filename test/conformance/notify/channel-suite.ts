/** What every channel must do, against a real receiver on loopback. */
import { describe, expect, test } from 'vitest';
import { createLog } from '../../../src/log.ts';
import type { Channel } from '../../../src/notify/channel/define-channel.ts';
import { channelSchema, createChannel } from '../../../src/notify/channels.ts';
import { composeAlert, composeSummary, composeTest, type Message } from '../../../src/notify/message/message.ts';
import { cleanSubject, toBrief } from '../../../src/notify/message/subject.ts';
import { type AttemptResult, attempt } from '../../../src/notify/transport/attempt.ts';
import { createHttpPost } from '../../../src/notify/transport/http-post.ts';
import { createSecrets } from '../../../src/notify/transport/secret.ts';
import { createTargetGuard } from '../../../src/notify/transport/target-guard.ts';
import type { TestCertificate } from './certificate.ts';
import { createCertificate } from './certificate.ts';
import { ManualClock, until } from './manual-clock.ts';
import { type Behaviour, closedPort, type Sink } from './sink.ts';
import { hostileName, newSubject, noon } from './subject.ts';

/** Planted in every secret of every channel: it must turn up nowhere but at the receiver. */
export const CANARY = 'canary-Zm9v+/secret';
/** The environment of the channels under test. */
export const environment: Record<string, string> = { CANARY };

export interface ChannelUnderTest {
  kind: string;
  startSink(behaviour: Behaviour, certificate?: TestCertificate): Promise<Sink<unknown>>;
  /** Settings for a sink; with `ca` it speaks TLS, and trusts only that unless it is empty. */
  settings(port: number, ca?: string): Record<string, unknown>;
  /** The messages that the sink has received, decoded. */
  messages(sink: Sink<never>): string[];
  /** Where a login can be wrong. */
  login: boolean;
}

export interface Harness {
  clock: ManualClock;
  logged(): string;
  open(settings: Record<string, unknown>): Channel;
  send(channel: Channel, message: Message): Promise<AttemptResult>;
}

export function createHarness({ lanTargets = ['127.0.0.1', 'localhost'] }: { lanTargets?: string[] } = {}): Harness {
  const clock = new ManualClock(noon);
  const lines: string[] = [];
  const log = createLog({ level: 'trace', destination: { write: (line) => void lines.push(line) } });
  const secrets = createSecrets({ env: environment, keyFile: '/nonexistent/key' });
  const guard = createTargetGuard({ lanTargets, ownPort: null });
  const post = createHttpPost(guard, 'home-iot-guardian/test', () => clock.now());
  return {
    clock,
    logged: () => lines.join(''),
    open(settings) {
      const config = channelSchema.parse({ name: 'tested', ...settings });
      return createChannel(config, { post, reveal: secrets.reveal, clock, timers: clock, log, version: '1.2.3' });
    },
    send: (channel, message) =>
      attempt('Channel "tested"', (signal) => channel.send(message, signal), {
        clock,
        timers: clock,
        log,
        redact: secrets.redact,
      }),
  };
}

const composing = { id: 'message-1', now: noon, timeZone: 'Europe/Berlin' };
export const alertMessage = (overrides = {}, title?: string): Message =>
  composeAlert(cleanSubject(newSubject(overrides)), 'alert', { ...composing, title });

export function channelConformance(channel: ChannelUnderTest): void {
  /** One attempt at a sink of its own; everything of the sink is closed afterwards. */
  async function against(
    behaviour: Behaviour,
    message: Message,
    body?: (harness: Harness, sink: Sink<never>, result: Promise<AttemptResult>) => Promise<void>,
  ): Promise<AttemptResult> {
    const harness = createHarness();
    const sink = (await channel.startSink(behaviour)) as Sink<never>;
    const opened = harness.open(channel.settings(sink.port));
    try {
      const result = harness.send(opened, message);
      await body?.(harness, sink, result);
      const outcome = await result;
      expect(JSON.stringify(outcome) + harness.logged()).not.toContain(CANARY);
      await until(() => sink.connections.open === 0, 'connections to be closed');
      return outcome;
    } finally {
      await opened.stop?.();
      await sink.close();
    }
  }

  test('delivers an alert once, with its sentence', async () => {
    let text = '';
    const { failure } = await against('ok', alertMessage(), async (_, sink, result) => {
      await result;
      expect(channel.messages(sink)).toHaveLength(1);
      [text] = channel.messages(sink);
    });
    expect(failure).toBeNull();
    expect(text).toContain('tried 214 addresses on port 23 (telnet) in 40 seconds');
  });

  test('delivers summaries and tests', async () => {
    const briefs = [newSubject(), newSubject({ severity: 'Critical', kind: 'flood', device: 'TV' })].map(toBrief);
    for (const message of [composeSummary(briefs, 'Digest', composing), composeTest('tested', composing)]) {
      let text = '';
      const { failure } = await against('ok', message, async (_, sink, result) => {
        await result;
        text = channel.messages(sink).join('\n');
      });
      expect(failure).toBeNull();
      expect(text).toContain(message.type === 'test' ? 'test message' : 'Digest: 2 alerts');
    }
  });

  test('a name from the network stays text', async () => {
    const message = alertMessage({ device: hostileName, sentence: `${hostileName} tried 214 addresses.` });
    let text = '';
    const { failure } = await against('ok', message, async (_, sink, result) => {
      await result;
      text = channel.messages(sink).join('\n');
    });
    expect(failure).toBeNull();
    expect(text).not.toMatch(/^Bcc:/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain('{{constructor}}');
  });

  test('says when nobody listens', async () => {
    const harness = createHarness();
    const opened = harness.open(channel.settings(await closedPort()));
    const { failure } = await harness.send(opened, alertMessage());
    expect(failure).toMatchObject({ code: 'delivery_unreachable', blame: 'receiver' });
    await opened.stop?.();
  });

  for (const behaviour of ['hang', 'drip'] as const) {
    test(`gives up after ten seconds on a receiver that makes it wait (${behaviour})`, async () => {
      const { failure, seconds } = await against(behaviour, alertMessage(), async ({ clock }, sink, result) => {
        await until(() => sink.connections.made === 1, 'a connection');
        await clock.advance(9_999);
        await new Promise((resolve) => setTimeout(resolve, 60));
        expect(sink.connections.open).toBe(1);
        await clock.advance(1);
        await result;
      });
      expect(failure).toMatchObject({ code: 'delivery_timeout', blame: 'receiver' });
      expect(seconds).toBe(10);
    });
  }

  test('a receiver that is busy is tried again', async () => {
    const { failure } = await against('busy', alertMessage());
    expect(failure).toMatchObject({ code: 'delivery_refused', blame: 'receiver' });
  });

  if (channel.login)
    test('a login that is not accepted is the fault of the settings', async () => {
      const { failure } = await against('forbidden', alertMessage());
      expect(failure).toMatchObject({ code: 'delivery_refused', blame: 'settings' });
    });

  describe('TLS', () => {
    const good = createCertificate({ names: ['127.0.0.1'] });
    const cases = [
      { what: 'self-signed', certificate: good, ca: '' },
      { what: 'expired', certificate: createCertificate({ names: ['127.0.0.1'], days: -1 }), ca: 'own' },
      { what: 'for another name', certificate: createCertificate({ names: ['other.example'] }), ca: 'own' },
      {
        what: 'of an unknown authority',
        certificate: createCertificate({
          names: ['127.0.0.1'],
          authority: createCertificate({ names: ['x'] }).authority,
        }),
        ca: good.cert,
      },
    ];
    for (const { what, certificate, ca } of cases) {
      test(`a certificate that is ${what} is refused, and nothing is handed over`, async () => {
        const harness = createHarness();
        const sink = (await channel.startSink('ok', certificate)) as Sink<never>;
        const opened = harness.open(channel.settings(sink.port, ca === 'own' ? certificate.cert : ca));
        const { failure } = await harness.send(opened, alertMessage());
        expect(failure).toMatchObject({ code: 'delivery_untrusted', blame: 'settings' });
        expect(channel.messages(sink)).toEqual([]);
        await opened.stop?.();
        await sink.close();
      });
    }

    test('a certificate of the authority in the settings is taken', async () => {
      const harness = createHarness();
      const authority = createCertificate({ names: ['authority'] });
      const certificate = createCertificate({ names: ['127.0.0.1'], authority: authority.authority });
      const sink = (await channel.startSink('ok', certificate)) as Sink<never>;
      const opened = harness.open(channel.settings(sink.port, authority.cert));
      expect(await harness.send(opened, alertMessage())).toMatchObject({ failure: null });
      expect(channel.messages(sink)).toHaveLength(1);
      await opened.stop?.();
      await sink.close();
    });
  });
}
