/**
 * Every setting, declared once: its type, default, description, environment name, flag and place in guardian.yaml
 * come from here. `guardian config`, `guardian config --init` and docs/config.md are generated from it.
 */
import { z } from 'zod';
import { presets } from '../model/preset.ts';
import { notificationSettingsSchema } from '../notify/settings/settings.ts';
import { mailServerSettings } from '../notify/transport/smtp.ts';

const mebibyte = 1024 * 1024;

const port = z.coerce.number().int().min(0).max(65535);
const bytes = z.coerce
  .number()
  .int()
  .positive()
  .max(64 * 1024 * mebibyte);

const server = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every one of this machine.'),
  port: port.default(5000).describe('Port of the dashboard and the API; 0 takes a free one.'),
  https: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      '"auto": HTTPS where other devices can reach it, plain HTTP on this machine; "on"; "off", for behind a reverse proxy that has HTTPS.',
    ),
  certificate: z
    .string()
    .default('')
    .describe('File of your own certificate with its chain (PEM); empty for one that Guardian makes.'),
  key: z.string().default('').describe('File of its key (PEM).'),
  baseUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .transform((url) => url.replace(/\/$/, ''))
    .default('')
    .describe(
      'Address under which browsers open the dashboard, such as https://guardian.example.org, where it has a name of its own.',
    ),
  name: z
    .union([z.literal(''), z.string().regex(/^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i)])
    .default('guardian')
    .describe(
      'Name that is announced on the local network with ".local" at its end, where other devices can reach it; empty for none.',
    ),
  allowedHosts: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((name) => name.trim()))])
    .default([])
    .describe(
      'Further host names under which the dashboard may be opened (comma separated). Those of this machine are known.',
    ),
  trustedProxies: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))])
    .transform((parts) => parts.filter((part) => part !== ''))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])))
    .default([])
    .describe(
      'Addresses of reverse proxies (comma separated, or networks such as 172.16.0.0/12). Only what they say of the client and of TLS is believed.',
    ),
});

const listOf = (what: string) =>
  z
    .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
    .transform((parts) => parts.map((part) => part.trim()).filter((part) => part !== ''))
    .default([])
    .describe(what);

const oidc = z.strictObject({
  issuer: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe('Address of an OpenID Connect provider with which people sign in too; empty for none.'),
  clientId: z.string().default('').describe('What the provider calls this Guardian.'),
  clientSecretFile: z
    .string()
    .default('')
    .describe('File with the secret of the provider; the environment variable OIDC_CLIENT_SECRET is the other way.'),
  name: z.string().min(1).max(40).default('your provider').describe('On the button: "Sign in with …".'),
  scopes: z.string().default('openid email profile').describe('What is asked of the provider, with blanks between.'),
  claim: z.string().min(1).default('groups').describe('Claim with the groups of somebody, such as realm_access.roles.'),
  admins: listOf('Groups whose members are administrators (comma separated).'),
  operators: listOf('Groups whose members are operators (comma separated).'),
  viewers: listOf(
    'Groups whose members are viewers (comma separated); without any group everybody of the provider is one.',
  ),
  ca: z.string().default('').describe('File of the authority that the certificate of the provider is from (PEM).'),
  passwords: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
    .default(true)
    .describe('Whether passwords are taken too.'),
});

const upload = z.strictObject({
  maxTextBytes: bytes.default(16 * mebibyte).describe('Largest uploaded CSV or log, in bytes.'),
  maxCaptureBytes: bytes.default(512 * mebibyte).describe('Largest uploaded capture, in bytes.'),
  maxConcurrentScans: z.coerce.number().int().min(1).max(64).default(2).describe('Uploads analysed at the same time.'),
});

const detection = z.strictObject({
  preset: z
    .enum(presets)
    .default('guardian')
    .describe('"guardian": all detectors; "published": the published autoencoder with its threshold alone.'),
  model: z
    .string()
    .default('')
    .describe(
      'Folder of the model that scans and uploads use; empty for the one that comes with Guardian. A live monitor that has no state yet begins with what was learned in it.',
    ),
  threshold: z
    .string()
    .default('')
    .describe('Threshold strategy: "mean+3std", "p95", a number, or empty for the one of the preset.'),
  falseAlarmsPerWeek: z.coerce
    .number()
    .positive()
    .max(1000)
    .default(1)
    .describe('False alarms a week that you accept: fewer find less, more find smaller things.'),
  blockLists: z
    .union([
      z.array(z.string()),
      z.string().transform((text) =>
        text
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== ''),
      ),
    ])
    .default([])
    .describe('Files with addresses, networks and names that nobody here should talk to (comma separated).'),
});

const mail = z.strictObject({
  ...mailServerSettings,
  port: z.coerce
    .number()
    .pipe(mailServerSettings.port.unwrap())
    .default(465)
    .describe('Its port: 465 for "ssl", 587 for "starttls".'),
});

const monitor = z.strictObject({
  interface: z
    .string()
    .default('')
    .describe('Network interface to watch; empty for the one that was chosen on the page, if any.'),
  ssh: z
    .string()
    .default('')
    .describe('"user@host" of a router whose tcpdump captures on its interface of that name; empty for this machine.'),
  netflow: z
    .string()
    .default('')
    .describe('Port, or address:port, to listen on for NetFlow, IPFIX and sFlow instead of an interface.'),
  exporters: z
    .string()
    .default('')
    .describe(
      'Addresses and networks, with commas between, whose NetFlow, IPFIX and sFlow is taken; empty for everybody who can reach the port.',
    ),
  zeek: z
    .string()
    .default('')
    .describe('Folder of the logs of a running Zeek, to be followed instead of an interface.'),
  filter: z
    .string()
    .default('')
    .describe('Captures only what matches, in the language of tcpdump; empty for everything.'),
  captureSocket: z
    .string()
    .default('')
    .describe(
      'Unix socket of a service of another user that captures monitor.interface, as "guardian service install" makes it; empty to start the capture tool here.',
    ),
  bufferMiB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(16)
    .describe('MiB that the kernel keeps of packets until they are read; a router that captures may have less room.'),
  snapLength: z.coerce
    .number()
    .int()
    .min(256)
    .max(262_144)
    .default(2048)
    .describe('Bytes captured of each packet; names and logins are read from its content, so fewer show less.'),
  learnHours: z.coerce
    .number()
    .min(0)
    .max(24 * 90)
    .default(24)
    .describe(
      'How long to learn what is ordinary before it is judged; scans, floods and spoofing are reported from the start.',
    ),
});

const log = z.strictObject({
  level: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe message that is logged.'),
});

const store = z.strictObject({
  url: z
    .string()
    .regex(/^(postgres(ql)?:\/\/.*)?$/, { error: 'is not an address of PostgreSQL' })
    .default('')
    .describe(
      'PostgreSQL database to keep alerts, devices, scans, accounts and settings in: postgres://user:password@host/name, also as DATABASE_URL; empty for a file in the data folder.',
    ),
});

const days = z.coerce.number().min(0).max(36_500);
const kept = z.coerce.number().int().min(1).max(1_000_000);

const retention = z.strictObject({
  alertDays: days.default(365).describe('Days that alerts are kept; 0 for as long as there is room.'),
  alerts: kept.default(10_000).describe('Alerts that are kept at most.'),
  trafficDays: days
    .default(30)
    .describe('Days that traffic by minute and gaps are kept; 0 for as long as there is room.'),
  flowDays: days
    .default(14)
    .describe(
      'Days that connections are kept; 0 for as long as there is room. Their sums by hour and day stay a year.',
    ),
  flowMegabytes: z.coerce
    .number()
    .min(0)
    .max(10_000_000)
    .default(2_048)
    .describe('Size of the history of connections beyond which the oldest go before their time; 0 keeps no history.'),
  scanDays: days.default(0).describe('Days that analysed uploads are kept; 0 for as long as there is room.'),
  scans: kept.default(10_000).describe('Analysed uploads that are kept at most.'),
  deliveryDays: days
    .default(90)
    .describe('Days that the log of notifications is kept; 0 for as long as there is room.'),
  deliveries: kept.default(10_000).describe('Notifications that are kept in their log at most.'),
  auditDays: days
    .default(365)
    .describe('Days that the log of who has changed what is kept; 0 for as long as there is room.'),
  audit: kept.default(50_000).describe('Changes that are kept in their log at most.'),
  packetMegabytes: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('Megabytes of packets around alerts, as pcap files in the folder packets; 0 keeps none.'),
  megabytes: z.coerce
    .number()
    .min(16)
    .max(1_000_000)
    .default(1_024)
    .describe('Size of the database beyond which the oldest goes before its time.'),
});

export const settingsSchema = z.strictObject({
  data: z.string().default('').describe('Data folder; empty for home-iot-guardian in the XDG data directory.'),
  server: server.prefault({}),
  oidc: oidc.prefault({}),
  upload: upload.prefault({}),
  detection: detection.prefault({}),
  monitor: monitor.prefault({}),
  mail: mail.prefault({}),
  notifications: notificationSettingsSchema.prefault({}),
  store: store.prefault({}),
  retention: retention.prefault({}),
  log: log.prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;

/** One leaf of the schema, as documentation and parsers need it. */
export interface Setting {
  /** Dotted path in guardian.yaml, for example `server.port`. */
  path: string;
  /** Name of its environment variable, for example `GUARDIAN_SERVER_PORT`. */
  env: string;
  description: string;
  default: unknown;
}

const environmentName = (path: string): string =>
  `GUARDIAN_${path
    .replaceAll('.', '_')
    // A capital begins a word, except that of a unit: MiB.
    .replaceAll(/[A-Z](?=[a-z])/g, (letter) => `_${letter}`)
    .toUpperCase()}`;

/** The leaves of the schema in their order. */
export function listSettings(): Setting[] {
  const defaults = settingsSchema.parse({}) as Record<string, unknown>;
  const leaves: Setting[] = [];
  for (const [name, part] of Object.entries(settingsSchema.shape)) {
    const inner = part instanceof z.ZodPrefault ? part.unwrap() : part;
    if (inner instanceof z.ZodObject) {
      const values = defaults[name] as Record<string, unknown>;
      for (const [key, leaf] of Object.entries(inner.shape as Record<string, z.ZodType>)) {
        const path = `${name}.${key}`;
        leaves.push({
          path,
          env: environmentName(path),
          description: leaf.description ?? '',
          default: values[key] ?? null,
        });
      }
    } else {
      const description = (part as z.ZodType).description ?? '';
      leaves.push({ path: name, env: environmentName(name), description, default: defaults[name] });
    }
  }
  return leaves;
}
