/**
 * The kind of a device from what is known of it. Each rule that holds is evidence; of rules that look at the same place
 * only the strongest counts, and the places are combined as independent: 1 − Π(1 − weight). A kind that is not clearly
 * ahead of the next one is no answer.
 */
import type { Facts, FactType } from './fact.ts';
import { type KindName, kinds } from './kind/kinds.ts';
import { type KindRule, LIKELY, TELLING } from './kind/rule.ts';

export interface Classification {
  kind: KindName;
  /** 0 to 1; 0 for an unknown kind. */
  confidence: number;
  evidence: string[];
  /** Brand, where a strong rule says so. */
  brand: string | null;
}

/** Below this it is unknown; one rule of the weight "likely" is enough. */
const LEAST_CONFIDENCE = 0.55;
/** How far the best kind has to be ahead of the next one. */
const LEAST_LEAD = 0.2;
const MAXIMUM_EVIDENCE = 8;
const SHOWN_CHARACTERS = 80;

interface Match {
  rule: KindRule;
  place: FactType;
  value: string;
}

/** `isGateway`: others send it what is for the internet, with the sentence that says so. */
export function classify(facts: Facts, gateway: string | null): Classification {
  const candidates = kinds
    .map(({ kind, rules }) => {
      const matches = strongest(rules.flatMap((rule) => find(facts, rule)));
      const doubt = matches.reduce((product, { rule }) => product * (1 - rule.weight), 1);
      const evidence = matches.map(({ rule, value }) => `${rule.why}: ${shown(value)}`);
      if (kind !== 'router' || gateway === null) return { kind, score: 1 - doubt, evidence, matches };
      return { kind, score: 1 - doubt * (1 - LIKELY), evidence: [gateway, ...evidence], matches };
    })
    .sort((a, b) => b.score - a.score);
  const [best, next] = candidates;
  const brand = best.matches.find(({ rule }) => rule.brand !== undefined && rule.weight >= LIKELY)?.rule.brand ?? null;
  if (best.score < LEAST_CONFIDENCE || best.score - next.score < LEAST_LEAD) {
    return { kind: 'unknown', confidence: 0, evidence: [], brand };
  }
  // What speaks for the next kind speaks against this one.
  const confidence = best.score * (1 - next.score * (1 - TELLING));
  return {
    kind: best.kind,
    confidence: Math.round(confidence * 100) / 100,
    evidence: best.evidence.slice(0, MAXIMUM_EVIDENCE),
    brand,
  };
}

function find(facts: Facts, rule: KindRule): Match[] {
  if (rule.and !== undefined && !places(rule.and.in).some((place) => has(facts, place, rule.and!.match))) return [];
  for (const place of places(rule.in)) {
    const value = facts.get(place).find((text) => rule.match.test(text));
    if (value !== undefined) return [{ rule, place, value }];
  }
  return [];
}

const places = (where: FactType | readonly FactType[]): readonly FactType[] =>
  typeof where === 'string' ? [where] : where;
const has = (facts: Facts, place: FactType, match: RegExp): boolean =>
  facts.get(place).some((text) => match.test(text));

/** The strongest match of every place, the strongest first. */
function strongest(matches: Match[]): Match[] {
  const best = new Map<FactType, Match>();
  for (const match of matches.sort((a, b) => b.rule.weight - a.rule.weight)) {
    if (!best.has(match.place)) best.set(match.place, match);
  }
  return [...best.values()];
}

const shown = (value: string): string =>
  `“${value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value}”`;
