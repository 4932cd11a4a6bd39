/**
 * Elements that vendors have numbered themselves: under their enterprise number in IPFIX, above 32,767 in NetFlow v9.
 * Only what says more about a flow than the standard elements beside it; from the vendors' documents.
 */
import { address, bits, counter, elements, number, type Reader, reverseElements, service } from './element.ts';

const REVERSE = 29_305;
const CISCO = 9;
/** YAF. */
const CERT = 6871;
const NTOP = 35_632;
const VMWARE = 6876;

const reader = (number: number): Reader => elements.get(number)!;

const enterprises: ReadonlyMap<number, ReadonlyMap<number, Reader>> = new Map([
  [REVERSE, reverseElements],
  [
    CISCO,
    new Map<number, Reader>([
      // Application Visibility and Control: who asked and who served.
      [8337, number('answerBytes')],
      [8338, number('bytes')],
      [12_236, address('source')],
      [12_237, address('destination')],
      [12_240, reader(7)],
      [12_241, reader(11)],
    ]),
  ],
  [
    CERT,
    new Map<number, Reader>([
      // Flags of the first packet and of all later ones; + 0x4000 is the other direction.
      [14, bits('flags')],
      [15, bits('flags')],
      [14 + 0x4000, bits('answerFlags')],
      [15 + 0x4000, bits('answerFlags')],
    ]),
  ],
  [NTOP, new Map<number, Reader>([[119, service]])],
  // The addresses inside of a tunnel between hosts: those of the virtual machines.
  [
    VMWARE,
    new Map<number, Reader>([
      [880, counter('proto')],
      [881, address('source')],
      [882, address('destination')],
      [883, address('source')],
      [884, address('destination')],
      [886, reader(7)],
      [887, reader(11)],
    ]),
  ],
]);

const version9: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  // Cisco ASA 8.2 to 8.4: translated destination and its port, the event of the firewall.
  [40_002, address('postDestination')],
  [40_004, reader(228)],
  [40_005, number('event')],
  // Palo Alto's App-ID, nProbe's protocol by nDPI.
  [56_701, service],
  [57_591, service],
]);

/** Null for what is stepped over. `enterprise` is 0 for the standard elements and for all of v9. */
export function readerOf(element: number, enterprise: number): Reader | null {
  if (enterprise !== 0) return enterprises.get(enterprise)?.get(element) ?? null;
  return elements.get(element) ?? version9.get(element) ?? null;
}
