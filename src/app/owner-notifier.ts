/**
 * Everything that the server tells its owner: finished scans with the published mail, live alerts, and that the monitor
 * is blind. Who is told how is for notify/; what happened comes from whoever calls.
 */
import path from 'node:path';
import type { LiveAlert } from '../api/contract.ts';
import type { ScanOutcome } from '../api/port/scanner.ts';
import { systemClock } from '../clock.ts';
import type { Settings } from '../config/schema.ts';
import type { Log } from '../log.ts';
import type { LiveNotifier } from '../monitor/server/session.ts';
import { createNotificationCenter, type NotificationCenter } from '../notify/center.ts';
import type { Decision } from '../notify/delivery/decision.ts';
import type { Attempt } from '../notify/delivery/delivery.ts';
import type { Message } from '../notify/message/message.ts';
import { type Origin, originOf } from '../notify/message/subject.ts';
import type { Notice } from '../notify/notifier.ts';
import { DeviceRisks } from '../notify/routing/device-risk.ts';
import { mailSettingsFromEnvironment, sendScanMail } from '../notify/scan-mail.ts';
import { createSecrets } from '../notify/transport/secret.ts';
import { systemTimers } from '../notify/transport/timers.ts';
import type { Store } from '../store/store.ts';
import { version } from '../version.ts';
import { liveMailLines } from './mail-console-lines.ts';
import { createVisibilityNotices } from './visibility-notices.ts';

export interface OwnerNotifierOptions {
  settings: Settings;
  env: Record<string, string | undefined>;
  log: Log;
  store: Store;
  /** Alerts are simulated: only channels that were set up on the page of the demo itself get them. */
  demo?: boolean;
  /** Address of the dashboard, for links in messages; null until the server listens. */
  dashboard?: () => string | null;
}

export interface OwnerNotifier extends LiveNotifier {
  readonly center: NotificationCenter;
  /** A finished scan. */
  scanned(id: number, outcome: ScanOutcome): void;
  /** Something about Guardian itself. */
  announce(notice: Notice): void;
  stop(): Promise<void>;
}

const idOf = ({ id }: LiveAlert): string => `alert-${id}`;

export async function createOwnerNotifier({
  settings,
  env,
  log,
  store,
  demo = false,
  dashboard = () => null,
}: OwnerNotifierOptions): Promise<OwnerNotifier> {
  /** Where it comes from and where to read more. */
  const from = (path: string, file?: string): Origin => {
    const base = dashboard();
    return originOf({
      file,
      demo: demo && file === undefined ? true : undefined,
      link: base ? base + path : undefined,
    });
  };
  const mail = demo ? null : mailSettingsFromEnvironment(env, settings.mail);
  const { notifications } = settings;
  const secrets = createSecrets({ env, keyFile: path.join(settings.data, 'secret.key') });
  const tools = { secrets, log, clock: systemClock };
  const print = (line: string): void => void process.stderr.write(`${line}\n`);
  const lines = liveMailLines(print);
  const center = await createNotificationCenter({
    ...tools,
    file: demo ? { ...notifications, channels: [], rules: [] } : notifications,
    mail,
    saved: store.settings,
    outbox: store.outbox,
    ownPort: settings.server.port,
    version,
    onDelivery: lines.delivered,
  });
  const { notifier } = center;
  const standing = new DeviceRisks();
  const announce = (notice: Notice): void => void notifier.announce({ ...notice, ...from('/') });
  const sight = createVisibilityNotices({ announce, timers: systemTimers });

  async function mailScan(id: number, outcome: ScanOutcome, decided: Promise<Decision[]>[]): Promise<void> {
    if (!mail) {
      // Without the published account a mail channel of the owner takes its place; its deliveries have lines of their own.
      const takes = ({ channel, outcome: so }: Decision): boolean =>
        channel !== null && (so === 'sent' || so === 'held') && center.isMail(channel);
      if ((await Promise.all(decided)).flat().some(takes)) return;
    }
    const record = (message: Message, attempt: Attempt) => void center.recordMail({ ...message, scan: id }, attempt);
    await sendScanMail(outcome, mail, { ...tools, timers: systemTimers, print, record });
  }

  function alerted(alert: LiveAlert): void {
    const subject = { ...alert, id: idOf(alert), ...from(`/alerts/${alert.id}`) };
    // Of one that somebody looks after nothing is told unless it becomes worse.
    if (alert.status !== 'expected') void notifier.notify(subject).then((decisions) => lines.decided(alert, decisions));
    if (alert.status === 'open') {
      notifier.reportRisk(standing.open(subject));
    } else {
      notifier.reportRisk(standing.close(subject));
      void notifier.acknowledge(subject.id);
    }
  }

  return {
    center,

    scanned(id, outcome) {
      const without = center.publishedMail();
      const reason = 'It gets one mail about the whole scan.';
      const decided = outcome.alerts.map((alert, i) =>
        notifier.notify(
          { ...alert, id: `scan-${id}-${i}`, ...from(`/scans/${id}`, outcome.file) },
          without === null ? undefined : { channels: [without], reason },
        ),
      );
      if (outcome.anomalies_count > 0) void mailScan(id, outcome, decided);
    },

    alerted,

    alertedAgain(alert) {
      notifier.renew(idOf(alert));
      alerted(alert);
    },

    met: ({ address, name }) => notifier.reportRisk(standing.of(address, name)),

    resume(open) {
      for (const alert of open) notifier.reportRisk(standing.open({ ...alert, id: idOf(alert) }));
    },

    async forgot(address) {
      standing.forget(address);
      await notifier.forgetDevice(address);
    },

    sees: sight.sees,

    announce,

    async stop() {
      sight.stop();
      await center.stop();
    },
  };
}
