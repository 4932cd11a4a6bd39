/** Entries that are probably one device: the owner decides, and is asked twice, as it cannot be taken apart again. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { Device, MergeProposal } from '../../../src/api/contract.ts';
import { formatConfidence } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { tell, whenDone } from '../part/toast.tsx';
import { useMerge } from './queries.ts';

export function Merges({ merges, devices }: { merges: readonly MergeProposal[]; devices: readonly Device[] }) {
  return merges.map((proposal) => (
    <Merge key={`${proposal.from} ${proposal.into}`} proposal={proposal} devices={devices} />
  ));
}

function Merge({ proposal, devices }: { proposal: MergeProposal; devices: readonly Device[] }) {
  const { from, into, reason, confidence } = proposal;
  const [asked, setAsked] = useState(false);
  const [put, setPut] = useState(false);
  const merge = useMerge();
  if (put) return null;
  const nameOf = (mac: string): string => devices.find((device) => device.mac === mac)?.name ?? mac;
  const accept = () => whenDone(merge.mutateAsync({ from, into }), ({ name }) => tell(`Both are ${name} now.`));
  return (
    <section className="notice" aria-label="Probably one device">
      <Icon name="link" className="notice-icon" />
      <div className="notice-text">
        <p className="fw-semibold mb-1">
          {nameOf(from)} ({from}) is probably {nameOf(into)} ({into}).
        </p>
        <p className="mb-0 text-body-secondary">
          Why: {reason}. Guardian is {formatConfidence(confidence)}. As one device they share name, past and alerts;
          they cannot be told apart again.
        </p>
        <div className="notice-actions">
          {asked ? (
            <Button size="sm" disabled={merge.isPending} autoFocus onClick={() => void accept()}>
              Yes, make them one device
            </Button>
          ) : (
            <Button variant="outline-secondary" size="sm" onClick={() => setAsked(true)}>
              They are one device
            </Button>
          )}
          <Button variant="link" size="sm" onClick={() => (asked ? setAsked(false) : setPut(true))}>
            {asked ? 'Cancel' : 'Not now'}
          </Button>
        </div>
      </div>
    </section>
  );
}
