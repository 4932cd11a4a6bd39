import { describe, expect, it } from 'vitest';
import { ascii } from '../../simulator/wire/bytes.ts';
import { edimaxModels } from './edimax.ts';
import { kasaModels } from './kasa.ts';
import { lldpFacts } from './lldp.ts';
import { upnpDescription } from './upnp-description.ts';

/** As the plug sends it: the first byte tells the rotation. */
function rotated(text: string, bits: number): Uint8Array {
  return ascii(text).map((byte) => ((byte << bits) | (byte >>> (8 - bits))) & 0xff);
}

function autokey(text: string): Uint8Array {
  let key = 171;
  return ascii(text).map((byte) => {
    key ^= byte;
    return key;
  });
}

const tlv = (type: number, value: Uint8Array): number[] => [type << 1, value.length, ...value];

const edimax = rotated(
  '?param>\n<code value="1010" />\n<model value="SP-1101W" />\n<type value="SmartPlug" />\n</param>',
  3,
);
const kasa = autokey('{"system":{"get_sysinfo":{"type":"IOT.SMARTPLUGSWITCH","model":"HS110(EU)","alias":"x"}}}');
const lldp = Uint8Array.from([
  ...tlv(1, Uint8Array.of(4, 0, 1, 2, 3, 4, 5)),
  ...tlv(5, ascii('core\u001b[2J')),
  ...tlv(6, ascii('Managed Switch')),
  ...tlv(7, Uint8Array.of(0, 0x14, 0, 0x14)),
  0,
  0,
]);
const upnp = ascii(
  'HTTP/1.1 200 OK\r\n\r\n<root><device><deviceType>urn:Belkin:device:insight:1</deviceType><friendlyName>WeMo \u001b</friendlyName></device></root>',
);

describe('announcements of makers', () => {
  it('of Edimax: model and type, whatever the rotation', () => {
    expect(edimaxModels(edimax, 0, edimax.length)).toEqual(['SP-1101W', 'SmartPlug']);
    for (let bits = 0; bits < 8; bits++) {
      const bytes = rotated('?param><model value="SP-2101W" /></param>', bits);
      expect(edimaxModels(bytes, 0, bytes.length)).toEqual(['SP-2101W']);
    }
  });

  it('of Kasa: type and model, not the name that the owner gave', () => {
    expect(kasaModels(kasa, 0, kasa.length)).toEqual(['IOT.SMARTPLUGSWITCH', 'HS110(EU)']);
  });

  it('by LLDP: name, description and enabled capabilities', () => {
    expect(lldpFacts(lldp, 0, lldp.length)).toEqual([
      'name=core\\x1b[2J',
      'description=Managed Switch',
      'capability=bridge',
      'capability=router',
    ]);
  });

  it('by UPnP: the telling elements, as text', () => {
    expect(upnpDescription(upnp, 0, upnp.length)).toEqual([
      'deviceType=urn:Belkin:device:insight:1',
      'friendlyName=WeMo \\x1b',
    ]);
  });

  it('that are cut anywhere or not theirs give what is whole, and never more', () => {
    const decoders = [
      [edimax, edimaxModels],
      [kasa, kasaModels],
      [lldp, lldpFacts],
      [upnp, upnpDescription],
    ] as const;
    for (const [bytes, decode] of decoders) {
      const whole = decode(bytes, 0, bytes.length);
      for (let length = 0; length < bytes.length; length++) {
        // Exactly sized, so that a read behind the end would show.
        const cut = bytes.slice(0, length);
        for (const value of decode(cut, 0, length)) expect(whole).toContain(value);
      }
      for (const [other] of decoders) if (other !== bytes) expect(decode(other, 0, other.length)).toEqual([]);
    }
  });
});
