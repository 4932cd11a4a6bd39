/** Asking the network who is there, and an honest word on what came back. */
import Button from 'react-bootstrap/Button';
import type { Discovery } from '../../../src/api/contract.ts';
import { formatDuration, plural } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { Failure } from '../part/state.tsx';
import type { useSearchNetwork } from './queries.ts';

type Search = ReturnType<typeof useSearchNetwork>;

export function SearchButton({ search }: { search: Search }) {
  return (
    <Button variant="outline-secondary" disabled={search.isPending} onClick={() => search.mutate()}>
      <Icon name="search" /> {search.isPending ? 'Searching …' : 'Search the network'}
    </Button>
  );
}

export function SearchResult({ search }: { search: Search }) {
  return (
    <div role="status" className="maybe">
      {search.isPending && (
        <p className="notice">
          <Icon name="search" className="notice-icon" />
          <span className="notice-text">Every address of the own network is being asked; this takes some seconds.</span>
        </p>
      )}
      {search.error && <Failure error={search.error} />}
      {search.data && (
        <p className="notice">
          <Icon name="check" className="notice-icon" />
          <span className="notice-text">{describe(search.data)}</span>
        </p>
      )}
    </div>
  );
}

function describe({ method, answered, new: found, seconds }: Discovery): string {
  const news = found === 0 ? 'none of them new' : `${found} of them new`;
  const heard = answered === 0 ? 'No device answered' : `${plural(answered, 'device')} answered, ${news}`;
  return `${heard} (${method}, ${formatDuration(seconds)}). Devices that sleep or block such questions do not answer; they appear when they speak.`;
}
