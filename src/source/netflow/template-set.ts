/** Template sets: what the records to come look like. */
import type { Domain } from './domain.ts';
import { fieldOf, type TemplateField, templateOf } from './template.ts';

/** Gives the numbers of the templates that are known now; null where one of them cannot be one. */
export function readTemplates(
  view: DataView,
  from: number,
  end: number,
  isOptions: boolean,
  ipfix: boolean,
  domain: Domain,
): number[] | null {
  const known: number[] = [];
  // v9's options templates count bytes of scopes and of options; all others count fields.
  const header = isOptions ? 6 : 4;
  let at = from;
  while (at + (ipfix ? 4 : header) <= end) {
    const id = view.getUint16(at);
    const second = view.getUint16(at + 2);
    if (ipfix && second === 0) {
      domain.withdraw(id);
      at += 4;
      continue;
    }
    if (id < 256) break; // padding
    if (at + header > end) return null;
    const scopes = isOptions ? (ipfix ? view.getUint16(at + 4) : second / 4) : 0;
    const count = isOptions && !ipfix ? (second + view.getUint16(at + 4)) / 4 : second;
    const fields: TemplateField[] = [];
    let next = at + header;
    for (let i = 0; i < count && next + 4 <= end; i++) {
      const type = view.getUint16(next);
      const isEnterprise = ipfix && type >= 0x8000;
      if (isEnterprise && next + 8 > end) break;
      const enterprise = isEnterprise ? view.getUint32(next + 4) : 0;
      const element = type & (ipfix ? 0x7fff : 0xffff);
      fields.push(fieldOf(element, enterprise, view.getUint16(next + 2), !ipfix && i < scopes));
      next += isEnterprise ? 8 : 4;
    }
    const template = fields.length === count ? templateOf(id, fields, isOptions) : null;
    if (template === null) return null;
    domain.setTemplate(id, template);
    known.push(id);
    at = next;
  }
  return known;
}
