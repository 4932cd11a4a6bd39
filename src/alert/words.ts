/**
 * An alert in words: one sentence with a number against the device's own past, what it may mean, what to do. Detectors
 * give findings with numbers; every word is here.
 */

import type { PastOfHost } from '../detector/baseline.ts';
import type { Finding, FindingKind } from '../detector/finding.ts';
import { bytes, clock, count, duration, interval, port } from './phrase.ts';
import { amounts, order, pace } from './unusual.ts';

export interface Words {
  sentence: string;
  meaning: string;
  advice: string[];
}

export interface WordsContext {
  name: string;
  /** Name of the other end, where it is one. */
  target: string;
  past: PastOfHost;
}

type Write = (finding: Finding, context: WordsContext) => Words;

const number = (finding: Finding, key: string): number => Number(finding.evidence[key] ?? 0);
const text = (finding: Finding, key: string): string => String(finding.evidence[key] ?? '');

/** "In 14 days before it used 3 addresses.", or that there is no past. */
const usedAddresses = ({ past }: WordsContext): string =>
  past.seconds > 0
    ? `In ${duration(past.seconds)} before, it used ${count(past.addresses, 'address', 'addresses')}.`
    : 'Guardian has not seen it before.';

const neverBefore = ({ past, target }: WordsContext): string => {
  if (past.seconds <= 0) return 'Guardian has no past of it to compare with.';
  return `In ${duration(past.seconds)} before, it never ${past.met === false ? `talked to ${target}` : 'did so'}.`;
};

/** "It usually …", where a usual value was learned. */
const usually = (value: number, what: string, context: WordsContext): string =>
  value > 0 ? `Usual is at most ${what}.` : neverBefore(context);

/** Many call one: the device is the victim here. */
function crowdWords(finding: Finding, { name, past }: WordsContext): Words {
  const callers = count(number(finding, 'callers'), 'address', 'addresses');
  const before =
    past.seconds > 0
      ? `In ${duration(past.seconds)} before, it never had so many callers.`
      : 'No home has so many callers.';
  return {
    sentence: `${name} was called by at least ${callers} in ${duration(number(finding, 'seconds'))} on ${port(number(finding, 'port'))}. ${before}`,
    meaning: 'Somebody overloads it from many addresses at once; most of them are probably made up.',
    advice: [
      `See whether ${name} still works.`,
      `If they come from the internet, close the way to ${name} in the router: port forwarding and UPnP.`,
      'If it goes on, ask your provider to filter it.',
    ],
  };
}

const DISCONNECT = (name: string): string => `If you did not start this, disconnect ${name} from the network.`;
const UPDATE = (name: string): string => `Change the password of ${name} and install its latest firmware.`;

const writers: Record<FindingKind, Write> = {
  scan(finding, context) {
    const { name, target } = context;
    const [addresses, ports] = [number(finding, 'addresses'), number(finding, 'ports')];
    const time = duration(number(finding, 'seconds'));
    const proto = text(finding, 'proto');
    const what =
      addresses <= 1
        ? `tried ${count(ports, 'port')} of ${target}`
        : proto === 'ping' || proto === 'arp'
          ? `called ${count(addresses, 'address', 'addresses')} of this network`
          : ports === 1 && finding.evidence.port !== undefined
            ? `tried ${count(addresses, 'address', 'addresses')} on ${port(number(finding, 'port'))}`
            : `tried ${count(ports, 'port')} of ${count(addresses, 'address', 'addresses')}`;
    const failed = number(finding, 'failed');
    const answer = failed > 0 ? `; ${count(failed, 'attempt')} failed` : '';
    return {
      sentence: `${name} ${what} in ${time}${answer}. ${usedAddresses(context)}`,
      meaning: 'This is how malware looks for its next victim. A network scanner that somebody started looks the same.',
      advice: [`Ask whether somebody runs a network scanner on ${name}.`, DISCONNECT(name), UPDATE(name)],
    };
  },
  'brute-force'(finding, { name, target, ...context }) {
    const attempts = number(finding, 'attempts');
    const refused = number(finding, 'refused');
    const end = refused > 0 ? `${count(refused, 'was', 'were')} refused` : 'none is known to have worked so far';
    const usual = number(finding, 'usual');
    return {
      sentence: `${name} tried ${count(attempts, 'login')} on ${target}, ${port(number(finding, 'port'))}, in ${duration(number(finding, 'seconds'))}; ${end}. ${usually(usual, `${count(usual, 'login')} a minute`, { name, target, ...context })}`,
      meaning:
        'Somebody is probably guessing passwords. A device with an old stored password does the same, but slower.',
      advice: [
        `Check that ${target} has a strong password of its own.`,
        DISCONNECT(name),
        `Look at the log of ${target} for a login that worked.`,
      ],
    };
  },
  beacon(finding, context) {
    const { name, target } = context;
    const since = clock(finding.since);
    if (finding.evidence.calls !== undefined) {
      const addresses = number(finding, 'addresses');
      return {
        sentence: `${name} called ${addresses === 1 ? target : count(addresses, 'unknown address', 'unknown addresses')} ${count(number(finding, 'calls'), 'time')} in ${duration(number(finding, 'seconds'))} and got no answer. ${neverBefore(context)}`,
        meaning:
          'Malware whose command server is gone keeps calling it. So does a device whose maker has moved its servers.',
        advice: [
          `Look up who owns the address, and whether the maker of ${name} says so.`,
          DISCONNECT(name),
          UPDATE(name),
        ],
      };
    }
    return {
      sentence: `${name} contacts ${target} every ${interval(number(finding, 'period'))} (± ${interval(number(finding, 'jitter'))}) since ${since} UTC, ${count(number(finding, 'times'), 'time')} so far. ${neverBefore(context)}`,
      meaning:
        finding.evidence.acquaintance === 'bare'
          ? 'Malware reports to its command server like this. The services of makers are called by name; nobody here has looked up a name for this address.'
          : 'Malware reports to its command server like this. Many cloud services of honest devices do so as well.',
      advice: [`Look up who owns ${target}.`, `Ask whether ${name} got a new app or service.`, DISCONNECT(name)],
    };
  },
  flood(finding, context) {
    const { name, target } = context;
    if (finding.evidence.callers !== undefined) return crowdWords(finding, context);
    const unit = text(finding, 'unit');
    const amount = number(finding, unit);
    const usual = number(finding, 'usual');
    const per = number(finding, 'seconds') === 1 ? 'a second' : `in ${duration(number(finding, 'seconds'))}`;
    const does = unit === 'connections' ? 'opens' : 'sends';
    const isPing = text(finding, 'proto') === 'ping';
    const noun = isPing ? 'ping' : unit.replace(/s$/, '');
    const where = isPing ? target : `${target}, ${port(number(finding, 'port'))}`;
    return {
      sentence: `${name} ${does} ${count(amount, noun)} ${per} to ${where}. ${usually(usual, `${count(usual, noun)} ${per}`, context)}`,
      meaning: 'This overloads the other end: an attack, or a program that has gone wild.',
      advice: [`Restart ${name}; if it goes on, disconnect it.`, UPDATE(name)],
    };
  },
  'slow-dos'(finding, context) {
    const { name, target } = context;
    const usual = number(finding, 'usual');
    return {
      sentence: `${name} holds ${count(number(finding, 'open'), 'connection')} to ${target}, ${port(number(finding, 'port'))}, open without finishing its requests. ${usually(usual, `${count(usual, 'connection')} at once`, context)}`,
      meaning: 'This blocks a service for everybody else with very little traffic.',
      advice: [`See whether ${target} still works for others.`, DISCONNECT(name)],
    };
  },
  exfiltration(finding, context) {
    const { name, target } = context;
    const usual = number(finding, 'usual');
    const before = usual > 0 ? `Its busiest quarter of an hour so far was ${bytes(usual)}.` : neverBefore(context);
    return {
      sentence: `${name} sent ${bytes(number(finding, 'bytes'))} to ${target} in ${duration(number(finding, 'seconds'))}. ${before}`,
      meaning: 'Recordings or files may be leaving the house. A backup or a new cloud service looks the same.',
      advice: [
        `Ask whether ${name} makes backups or got a new cloud service.`,
        `Look up who owns ${target}.`,
        DISCONNECT(name),
      ],
    };
  },
  spoofing(finding, { name, target: _target, past: _past }) {
    const mac = text(finding, 'mac');
    return finding.evidence.what === 'dhcp'
      ? {
          sentence: `A second device, ${mac}, hands out network addresses since ${clock(finding.since)} UTC; so far ${text(finding, 'other')} did.`,
          meaning:
            'Whoever hands out addresses can redirect all traffic. A second router that was just plugged in does so by mistake.',
          advice: [
            'Ask whether somebody plugged in a router or access point.',
            `Find the device with the address ${mac} and disconnect it.`,
          ],
        }
      : {
          sentence: `Two devices claim to be ${name}: ${text(finding, 'other')} and, since ${clock(finding.since)} UTC, ${mac}.`,
          meaning:
            'One of them may be listening to the traffic of the other. Two devices set to the same address look the same.',
          advice: [`Find the device with the address ${mac}.`, 'If you do not know it, disconnect it.'],
        };
  },
  'protocol-abuse'(finding, context) {
    const { name, target } = context;
    const usual = number(finding, 'usual');
    const protocol = text(finding, 'protocol');
    return {
      sentence: `${name} sent ${target} ${count(number(finding, 'messages'), `${protocol} message`)} on ${count(number(finding, 'topics'), 'topic')} in ${duration(number(finding, 'seconds'))}. ${usually(usual, `${count(usual, 'message')} in 10 seconds`, context)}`,
      meaning: `${protocol} is being misused to overload ${target} or to confuse the devices that listen to it.`,
      advice: [`Give ${target} a password, if it has none.`, DISCONNECT(name)],
    };
  },
  'dns-tunnel'(finding, context) {
    const { name } = context;
    if (finding.evidence.period !== undefined) {
      return {
        sentence: `${name} asks for another name under ${text(finding, 'domain')} every ${interval(number(finding, 'period'))} (± ${interval(number(finding, 'jitter'))}) since ${clock(finding.since)} UTC, ${count(number(finding, 'names'), 'time')} so far. ${neverBefore(context)}`,
        meaning: 'Malware may fetch its orders hidden in name look-ups. Some virus scanners ask like this as well.',
        advice: [`Look up who owns ${text(finding, 'domain')}.`, DISCONNECT(name)],
      };
    }
    return {
      sentence: `${name} asked for ${count(number(finding, 'names'), 'different name')} under ${text(finding, 'domain')} in ${duration(number(finding, 'seconds'))}, ${bytes(number(finding, 'bytes'))} of text. ${neverBefore(context)}`,
      meaning: 'Data may be leaving the house hidden in name look-ups. Some virus scanners ask like this as well.',
      advice: [`Look up who owns ${text(finding, 'domain')}.`, DISCONNECT(name)],
    };
  },
  'generated-names'(finding, context) {
    const { name } = context;
    return {
      sentence: `${name} asked for ${count(number(finding, 'names'), 'name')} that do not exist, such as ${text(finding, 'example')}, in ${duration(number(finding, 'seconds'))}. ${neverBefore(context)}`,
      meaning: 'Malware tries made-up names to find its command server.',
      advice: [DISCONNECT(name), UPDATE(name)],
    };
  },
  rate: unusual(amounts),
  sequence: unusual(order),
  rhythm: unusual(pace),
  silence(finding, { name }) {
    return {
      sentence: `${name} has said nothing for ${duration(number(finding, 'seconds'))}; its longest pause so far was ${duration(number(finding, 'longest'))}.`,
      meaning: 'It may be switched off, out of power or out of reach.',
      advice: [`Check power and connection of ${name}.`],
    };
  },
  'new-destination'(finding, context) {
    const { name } = context;
    if (finding.evidence.listed === undefined) return firstSeen(finding, context);
    return {
      sentence: `${name} contacted ${text(finding, 'listed')} at ${clock(finding.ts)} UTC, which is on your list ${text(finding, 'list')}.`,
      meaning: 'You, or whoever made the list, do not want that.',
      advice: [`Find out which app on ${name} does it.`, DISCONNECT(name)],
    };
  },
  'new-device'(finding, { name }) {
    const mac = text(finding, 'mac');
    return {
      sentence: `${name} is on your network for the first time${mac ? ` (${mac})` : ''}, since ${clock(finding.since)} UTC.`,
      meaning: 'A new device or a guest, most likely.',
      advice: ['If nobody in the house knows it, change the password of your wireless network.'],
    };
  },
};

/** A place or a service that is new to a device to whom hardly anything ever is. */
function firstSeen(finding: Finding, { name, target }: WordsContext): Words {
  const at = `at ${clock(finding.ts)} UTC`;
  const what =
    finding.evidence.port === undefined
      ? `talked to ${target} (${text(finding, 'place')}) ${at}, a place where it never was`
      : `used ${port(number(finding, 'port'))} of ${target} ${at}, a service that it had never used`;
  const hours = count(number(finding, 'hours'), 'hour');
  const rate = number(finding, 'new_per_week');
  return {
    sentence: `${name} ${what}. In ${hours} of talking before, something was new to it less than once in ${duration((7 * 86_400) / rate)}.`,
    meaning: 'Probably harmless: makers move their servers. A device that was taken over calls new places as well.',
    advice: [`Ask whether ${name} was updated or got a new app or service.`, `Look up who owns ${target}.`],
  };
}

/** Statistical findings: what stood out, and how rare it is for this device. */
function unusual(describe: (finding: Finding) => string): Write {
  return (finding, context) => {
    const { name } = context;
    const rarity = number(finding, 'once_in_seconds');
    const { seconds } = context.past;
    const rare =
      rarity > 0 && rarity < seconds
        ? ` Something this unusual came about once in ${duration(rarity)} so far.`
        : seconds > 0
          ? ` In ${duration(seconds)} before, nothing was as unusual.`
          : ` ${neverBefore(context)}`;
    return {
      sentence: `${name} ${describe(finding)}.${rare}`,
      meaning: 'Probably harmless, for example a firmware update or a new app, but worth a look.',
      advice: [
        `Ask whether someone used ${name} in a new way at that time.`,
        'If nobody did, look at the connections below.',
      ],
    };
  };
}

export const wordsOf = (finding: Finding, context: WordsContext): Words => writers[finding.kind](finding, context);
