/**
 * A finding's numbers as the flat JSON field `evidence`, and back: what is written stays readable for programs that
 * know the field. A deviation is numbered: feature_1, value_1, unit_1, low_1 and high_1 for an amount, share_1 for a
 * category.
 */
import type { Deviation } from '../detector/deviation.ts';
import type { Finding } from '../detector/finding.ts';

export type EvidenceJson = Record<string, number | string>;

/** No more are written. */
const NAMED = 3;
const NUMBERED = /^(feature|value|unit|low|high|share)_\d$/;

export function toEvidenceJson({
  deviations = [],
  evidence,
  voice,
  others,
}: Pick<Finding, 'deviations' | 'evidence' | 'voice' | 'others'>): EvidenceJson {
  const json: EvidenceJson = {};
  for (const [i, deviation] of deviations.slice(0, NAMED).entries()) {
    json[`feature_${i + 1}`] = deviation.feature;
    json[`value_${i + 1}`] = deviation.value;
    if ('share' in deviation) {
      json[`share_${i + 1}`] = deviation.share;
      continue;
    }
    if (deviation.unit !== '') json[`unit_${i + 1}`] = deviation.unit;
    if (deviation.usual) [json[`low_${i + 1}`], json[`high_${i + 1}`]] = deviation.usual;
  }
  for (const [key, value] of Object.entries(evidence)) if (value !== undefined) json[key] = value;
  if (voice) {
    json.speaks_as = voice.address;
    json.sender_mac = voice.mac;
    json.owner_mac = voice.owner;
  }
  if (others !== undefined) json.others = others;
  return json;
}

/** The kind says which numbers they are; where a number is missing, an older Guardian wrote it. */
export function fromEvidenceJson(json: EvidenceJson): { deviations: Deviation[]; evidence: EvidenceJson } {
  const deviations: Deviation[] = [];
  for (let i = 1; json[`feature_${i}`] !== undefined; i++) {
    const [feature, value] = [String(json[`feature_${i}`]), json[`value_${i}`]];
    const [share, low] = [json[`share_${i}`], json[`low_${i}`]];
    if (share !== undefined) {
      deviations.push({ feature, value, share: Number(share) });
      continue;
    }
    const usual = low === undefined ? null : ([Number(low), Number(json[`high_${i}`])] as const);
    deviations.push({ feature, value: Number(value), unit: String(json[`unit_${i}`] ?? ''), usual });
  }
  return { deviations, evidence: Object.fromEntries(Object.entries(json).filter(([key]) => !NUMBERED.test(key))) };
}
