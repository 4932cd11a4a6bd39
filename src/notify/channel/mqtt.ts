/**
 * MQTT: alerts as JSON on one topic, and for Home Assistant a risk sensor per device by MQTT discovery
 * (home-assistant.io/integrations/mqtt). The connection stays open, so that the broker's last will shows the sensors as
 * unavailable when Guardian is gone: silence must not look like peace.
 */
import type { MqttClient } from 'mqtt';
import { z } from 'zod';
import { severities } from '../../alert/severity.ts';
import { DeliveryError, toDeliveryError } from '../transport/delivery-error.ts';
import { pauseAfter } from '../transport/retry.ts';
import { secretSchema } from '../transport/secret.ts';
import { certificateAuthority, LOGIN_IN_URL, withoutLogin } from '../transport/shared-setting.ts';
import { type Channel, type ChannelTools, type DeviceRisk, defineChannel } from './define-channel.ts';

const topicPart = z
  .string()
  .regex(/^[\w-]+(\/[\w-]+)*$/, { error: 'may have letters, digits and dashes, in parts with a slash between' })
  .max(100);

const settings = z.strictObject({
  url: z
    .url({ protocol: /^mqtts?$/, error: 'is not an address that begins with mqtt:// or mqtts://' })
    .max(300)
    .refine(withoutLogin, LOGIN_IN_URL)
    .meta({ title: 'Address' })
    .describe('Address of the broker: mqtt://HOST, or mqtts://HOST with encryption.'),
  user: z.string().max(200).optional().describe('Who logs in.'),
  password: secretSchema.optional().describe('Its password; use mqtts where others share the network.'),
  topic: topicPart.default('guardian').describe('First part of all topics.'),
  discovery: z.boolean().default(true).describe('Creates a risk sensor per device in Home Assistant.'),
  discoveryTopic: topicPart.default('homeassistant').describe('Discovery prefix that Home Assistant is set to.'),
  ca: certificateAuthority,
});

/** A home has dozens; a network full of forged addresses must not fill the broker. */
const MAX_DEVICES = 1000;
/** Answers of a broker to a login (MQTT 3.1.1, section 3.2.2.3). */
const BAD_LOGIN = [4, 5];

interface Retained {
  topic: string;
  payload: string;
}

export const mqtt = defineChannel({ kind: 'mqtt', label: 'MQTT and Home Assistant', settings, create });

function create(options: z.output<typeof settings>, { reveal, timers, log, version }: ChannelTools): Channel {
  const { url, user, password, topic, ca } = options;
  const target = new URL(url).hostname;
  const availability = `${topic}/status`;
  const risks = new Map<string, DeviceRisk>();
  /** Devices whose messages a broker that is away still keeps. */
  const forgotten = new Set<string>();

  let wanted = false;
  /** The connection that is there or on its way, and the promise of it. */
  let client: MqttClient | null = null;
  let opening: Promise<MqttClient> | null = null;
  let failures = 0;
  let cancelRetry = (): void => {};

  const publishRetained = ({ topic: to, payload }: Retained): void => {
    if (client?.connected) client.publish(to, payload, { qos: 1, retain: true });
  };

  /** An empty retained message takes the one before away, and Home Assistant the sensor. */
  const revoke = (address: string): void => {
    if (client?.connected) forgotten.delete(address);
    else if (forgotten.size < MAX_DEVICES) forgotten.add(address);
    const unknown = { address, device: '', severity: null, kind: null, sentence: null, since: null };
    for (const { topic: to } of statesOf(unknown, options, version)) publishRetained({ topic: to, payload: '' });
  };

  const open = async (): Promise<MqttClient> => {
    const { connect } = await import('mqtt');
    const one = connect(url, {
      username: user,
      password: password && reveal(password),
      ca,
      will: { topic: availability, payload: Buffer.from('offline'), qos: 1, retain: true },
      // Its own reconnecting would keep what was given up and send it twice.
      reconnectPeriod: 0,
      connectTimeout: 10_000,
      queueQoSZero: false,
      timerVariant: 'native',
    });
    client = one;
    return new Promise((resolve, reject) => {
      let error: unknown;
      one.on('error', (cause) => {
        error = cause;
      });
      one.on('connect', () => {
        failures = 0;
        publishRetained({ topic: availability, payload: 'online' });
        // Brokers forget when they restart, and so does Home Assistant: tell everything again.
        for (const address of forgotten) revoke(address);
        for (const risk of risks.values()) for (const state of statesOf(risk, options, version)) publishRetained(state);
        resolve(one);
      });
      one.on('close', () => {
        if (client === one) client = opening = null;
        reject(toBrokerError(error, target));
        one.end(true);
        reopenLater();
      });
    });
  };

  const opened = (): Promise<MqttClient> => {
    opening ??= open().catch((error) => {
      opening = null;
      throw error;
    });
    return opening;
  };

  const openQuietly = (): void => {
    cancelRetry();
    if (wanted) opened().catch((error) => log.debug({ code: error.code }, 'MQTT broker not reached'));
  };

  function reopenLater(): void {
    cancelRetry();
    if (wanted) cancelRetry = timers.after(pauseAfter(++failures, null, Math.random), openQuietly);
  }

  return {
    async send(message, signal) {
      signal.throwIfAborted();
      const ended = Promise.withResolvers<never>();
      ended.promise.catch(() => {});
      const onAbort = (): void => ended.reject(signal.reason);
      const onClose = (): void => ended.reject(toBrokerError(undefined, target));
      signal.addEventListener('abort', onAbort, { once: true });
      let one: MqttClient | null = null;
      try {
        one = await Promise.race([opened(), ended.promise]);
        one.once('close', onClose);
        await Promise.race([one.publishAsync(`${topic}/alert`, JSON.stringify(message), { qos: 1 }), ended.promise]);
      } catch (error) {
        // What was not acknowledged must not linger in the client and be sent behind our back.
        client?.end(true);
        throw error;
      } finally {
        signal.removeEventListener('abort', onAbort);
        one?.off('close', onClose);
        if (!wanted) await client?.endAsync().catch(() => {});
      }
    },

    start() {
      wanted = true;
      openQuietly();
    },

    setRisk(risk) {
      if (!options.discovery || (risks.size >= MAX_DEVICES && !risks.has(risk.address))) return;
      risks.set(risk.address, risk);
      forgotten.delete(risk.address);
      for (const state of statesOf(risk, options, version)) publishRetained(state);
    },

    forget(address) {
      risks.delete(address);
      // Also one that only an earlier run has told of.
      if (options.discovery) revoke(address);
    },

    async stop() {
      wanted = false;
      cancelRetry();
      const leaving = client;
      if (!leaving?.connected) return void leaving?.end(true);
      publishRetained({ topic: availability, payload: 'offline' });
      await new Promise<void>((resolve) => {
        const cancel = timers.after(1000, () => leaving.end(true, () => resolve()));
        leaving.end(false, () => {
          cancel();
          resolve();
        });
      });
    },
  };
}

function toBrokerError(error: unknown, target: string): Error {
  const { code } = (error ?? {}) as { code?: number | string };
  if (typeof code === 'number') {
    const reason = BAD_LOGIN.includes(code) ? 'it does not accept the login' : `it answered with code ${code}`;
    return new DeliveryError(
      'delivery_refused',
      { target, reason },
      { blame: BAD_LOGIN.includes(code) ? 'settings' : 'receiver', cause: error },
    );
  }
  return toDeliveryError(error ?? { code: 'ECONNRESET' }, target);
}

/** What the broker keeps about a device: discovery, state, attributes. */
export function statesOf(
  risk: DeviceRisk,
  { topic, discoveryTopic }: z.output<typeof settings>,
  version: string,
): Retained[] {
  const { address, device, severity, ...attributes } = risk;
  const slug = address.toLowerCase().replaceAll(/[^a-z0-9]/g, '_');
  const id = `guardian_${slug}`;
  const base = `${topic}/device/${slug}`;
  const isMac = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(address);
  const config = {
    name: 'Risk',
    unique_id: `${id}_risk`,
    default_entity_id: `sensor.${id}_risk`,
    device_class: 'enum',
    options: ['None', ...severities],
    icon: 'mdi:shield-search',
    state_topic: `${base}/risk`,
    json_attributes_topic: `${base}/attributes`,
    availability_topic: `${topic}/status`,
    device: {
      identifiers: [id],
      name: device,
      // Home Assistant joins what shares a MAC address: the sensor appears at the device that it already knows.
      ...(isMac ? { connections: [['mac', address.toLowerCase()]] } : {}),
    },
    origin: { name: 'Home IoT Guardian', sw_version: version },
  };
  return [
    { topic: `${discoveryTopic}/sensor/${id}/risk/config`, payload: JSON.stringify(config) },
    { topic: `${base}/risk`, payload: severity ?? 'None' },
    { topic: `${base}/attributes`, payload: JSON.stringify({ address, ...attributes }) },
  ];
}
