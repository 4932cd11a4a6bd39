import { counted, lasting, said, service } from '../fact.ts';
import { defineWords, disconnect, update, usedAddresses } from './kind-words.ts';
import { count, duration, port, services } from './phrase.ts';

/** "telnet (ports 23 and 2323)" */
const few = (list: string): string => services(list.split(', ').map(Number));

export const scan = defineWords<'scan'>({
  title: 'Scanning',
  severity: 'High',
  telling: 8,
  words({ evidence }, context) {
    const { name, target } = context;
    const { addresses, ports, proto, failed = 0 } = evidence;
    const more = evidence.at_least ? 'at least ' : '';
    const what =
      addresses <= 1
        ? `tried ${more}${count(ports, 'port')} of ${target}`
        : proto === 'ping' || proto === 'arp'
          ? `${proto === 'ping' ? 'pinged' : 'asked for'} ${more}${count(addresses, 'address', 'addresses')}`
          : ports === 1 && evidence.port !== undefined
            ? `tried ${port(evidence.port)} on ${more}${count(addresses, 'address', 'addresses')}`
            : evidence.port_list !== undefined
              ? `tried ${few(evidence.port_list)} on ${more}${count(addresses, 'address', 'addresses')}`
              : `tried ${more}${count(ports, 'port')} of ${count(addresses, 'address', 'addresses')}`;
    const answer = failed > 0 ? `; at least ${count(failed, 'attempt')} failed` : '';
    return {
      sentence: `${name} ${what} in ${duration(evidence.seconds)}${answer}. ${usedAddresses(context)}`,
      meaning: 'This is how malware looks for its next victim. A network scanner that somebody started looks the same.',
      advice: [`Ask whether somebody runs a network scanner on ${name}.`, disconnect(name), update(name)],
    };
  },
  facts: ({ addresses, ports, port, port_list, failed, seconds, proto, at_least }) => [
    counted(at_least ? 'Different addresses, at least' : 'Different addresses', addresses),
    counted(at_least ? 'Different ports, at least' : 'Different ports', ports),
    ...(port_list !== undefined
      ? [said('Services', few(port_list))]
      : port === undefined
        ? []
        : [service(port, ports > 1 ? 'Port, mostly' : 'Port')]),
    ...(failed === undefined ? [] : [counted('Attempts that failed, at least', failed)]),
    lasting('Within', seconds),
    said('Protocol', proto),
  ],
});
