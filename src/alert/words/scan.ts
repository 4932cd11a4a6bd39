import { counted, lasting, said, service } from './fact.ts';
import { defineWords, disconnect, update, usedAddresses } from './kind-words.ts';
import { count, duration, port } from './phrase.ts';

export const scan = defineWords<'scan'>({
  title: 'Scanning',
  severity: 'High',
  telling: 8,
  words({ evidence }, context) {
    const { name, target } = context;
    const { addresses, ports, proto, failed = 0 } = evidence;
    const what =
      addresses <= 1
        ? `tried ${count(ports, 'port')} of ${target}`
        : proto === 'ping' || proto === 'arp'
          ? `called ${count(addresses, 'address', 'addresses')} of this network`
          : ports === 1 && evidence.port !== undefined
            ? `tried ${count(addresses, 'address', 'addresses')} on ${port(evidence.port)}`
            : `tried ${count(ports, 'port')} of ${count(addresses, 'address', 'addresses')}`;
    const answer = failed > 0 ? `; ${count(failed, 'attempt')} failed` : '';
    return {
      sentence: `${name} ${what} in ${duration(evidence.seconds)}${answer}. ${usedAddresses(context)}`,
      meaning: 'This is how malware looks for its next victim. A network scanner that somebody started looks the same.',
      advice: [`Ask whether somebody runs a network scanner on ${name}.`, disconnect(name), update(name)],
    };
  },
  facts: ({ addresses, ports, port, failed, seconds, proto }) => [
    counted('Different addresses', addresses),
    counted('Different ports', ports),
    ...(port === undefined ? [] : [service(port, 'Port, mostly')]),
    ...(failed === undefined ? [] : [counted('Attempts that failed', failed)]),
    lasting('Within', seconds),
    said('Protocol', proto),
  ],
});
