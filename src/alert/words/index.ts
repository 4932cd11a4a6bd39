/**
 * What Guardian says of each kind of finding. Detectors give numbers; every word, label and unit is in the file of the
 * kind, and a new kind is its file and its line here.
 */
import {
  type Finding,
  type FindingKind,
  type FindingOf,
  isStatistical,
  type OtherVoice,
} from '../../detector/finding.ts';
import { type EvidenceJson, fromEvidenceJson } from '../evidence-json.ts';
import { counted, type Fact, said } from '../fact.ts';
import { beacon } from './beacon.ts';
import { bruteForce } from './brute-force.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { exfiltration } from './exfiltration.ts';
import { flood } from './flood.ts';
import { generatedNames } from './generated-names.ts';
import { icmpTunnel } from './icmp-tunnel.ts';
import type { KindWords, Words, WordsContext } from './kind-words.ts';
import { newDestination } from './new-destination.ts';
import { newDevice } from './new-device.ts';
import { count } from './phrase.ts';
import { protocolAbuse } from './protocol-abuse.ts';
import { PUBLISHED, published } from './published.ts';
import { rate } from './rate.ts';
import { remoteControl } from './remote-control.ts';
import { rhythm } from './rhythm.ts';
import { scan } from './scan.ts';
import { sequence } from './sequence.ts';
import { silence } from './silence.ts';
import { slowDos } from './slow-dos.ts';
import { spoofing } from './spoofing.ts';

const kinds: { readonly [Kind in FindingKind]: KindWords<Kind> } = {
  scan,
  'brute-force': bruteForce,
  beacon,
  flood,
  'slow-dos': slowDos,
  exfiltration,
  spoofing,
  'protocol-abuse': protocolAbuse,
  'dns-tunnel': dnsTunnel,
  'generated-names': generatedNames,
  'icmp-tunnel': icmpTunnel,
  'remote-control': remoteControl,
  rate,
  sequence,
  rhythm,
  silence,
  'new-destination': newDestination,
  'new-device': newDevice,
};

export const findingKinds = Object.keys(kinds) as [FindingKind, ...FindingKind[]];

export const kindWords = <Kind extends FindingKind>(kind: Kind): KindWords<Kind> => kinds[kind];

/** The compiler cannot see that words and finding are of one kind. */
const any = (kind: FindingKind) => kinds[kind] as KindWords<FindingKind>;

export function wordsOf(finding: Finding, context: WordsContext): Words {
  const words = any(finding.kind).words(finding as FindingOf<FindingKind>, context);
  const { voice, others } = finding;
  const more = [words.sentence, ...(voice ? [bothVoices(voice)] : []), ...(others ? [alike(others)] : [])];
  return { ...words, sentence: more.join(' ') };
}

const alike = (others: number): string =>
  `At least ${count(others, 'more address', 'more addresses')} that ${others === 1 ? 'was' : 'were'} never here before ${others === 1 ? 'does' : 'do'} the same: one sender may make them up.`;

/** An address alone accuses nobody where two speak under it. */
const bothVoices = ({ address, mac, owner, isAccused }: OtherVoice): string =>
  isAccused
    ? `It does so from ${mac}, under ${address}, which is the address of ${owner}.`
    : `Beside ${owner} also ${mac} speaks under ${address}: it may be that one.`;

interface Judged {
  kind: FindingKind;
  detector: string;
  evidence: EvidenceJson;
}

/** Who has noticed it, as far as that tells how sure it can be. */
function noticedBy({ kind, detector }: Judged): string {
  if (detector === 'block-list') return 'your block list';
  return isStatistical(kind) ? 'statistics of its past' : 'a rule for this kind of behaviour';
}

/** The numbers of an alert as labelled rows, the most telling first. */
export function factsOf(alert: Judged): Fact[] {
  const { kind, detector, evidence: json } = alert;
  if (detector === PUBLISHED) return published(json);
  const { evidence, deviations } = fromEvidenceJson(json);
  return [
    ...any(kind).facts(evidence as unknown as Finding['evidence'], deviations),
    ...(json.speaks_as === undefined
      ? []
      : [
          said('Speaks under', String(json.speaks_as)),
          said('Sent from', String(json.sender_mac)),
          said('Owner of the address', String(json.owner_mac)),
        ]),
    ...(json.others === undefined ? [] : [counted('More addresses that do the same, at least', Number(json.others))]),
    said('Noticed by', noticedBy(alert)),
  ];
}
