/** What of the history is looked at: every choice is part of the address. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { Device } from '../../../src/api/contract.ts';
import { Icon } from '../part/icon.tsx';
import { Segments } from '../part/segments.tsx';
import { setSearch, useSearch } from '../router.tsx';
import { FILTERS } from './queries.ts';

export const spans = [
  { value: '1', name: '1 hour', seconds: 3600 },
  { value: '', name: '24 hours', seconds: 86_400 },
  { value: '168', name: '7 days', seconds: 604_800 },
  { value: '720', name: '30 days', seconds: 2_592_000 },
] as const;
const kinds = [
  { value: '', name: 'All' },
  { value: 'new', name: 'First contacts' },
  { value: 'alert', name: 'Of alerts' },
] as const;

const words: Record<(typeof FILTERS)[number], string> = {
  ...{ device: 'Device', peer: 'Other end', service: 'Service', port: 'Port', state: 'State' },
  ...{ direction: 'Direction', novelty: 'Contact', alert: 'Alert' },
};

export function Filters({ devices }: { devices: readonly Device[] }) {
  const search = useSearch();
  const kind = search.get('novelty') ?? (search.has('alert') ? 'alert' : '');
  return (
    <>
      <div className="list-tools">
        <PeerSearch key={search.get('peer') ?? ''} value={search.get('peer') ?? ''} />
        <Segments
          label="Time shown"
          value={search.get('hours') ?? ''}
          choices={spans}
          onChange={(value) => setSearch('hours', value)}
        />
        <Segments
          label="Connections shown"
          value={kind}
          choices={kinds}
          onChange={(value) => {
            setSearch('novelty', value === 'new' ? 'new' : '');
            setSearch('alert', value === 'alert' ? 'any' : '');
          }}
        />
        <Form.Select
          size="sm"
          aria-label="Device"
          value={search.get('device') ?? ''}
          onChange={({ target }) => setSearch('device', target.value)}
        >
          <option value="">All devices</option>
          {devices.map(({ mac, name }) => (
            <option key={mac} value={mac}>
              {name}
            </option>
          ))}
        </Form.Select>
      </div>
      <Chips devices={devices} />
    </>
  );
}

/** Asked for when it is complete: half a name would be another question. */
function PeerSearch({ value }: { value: string }) {
  const [text, setText] = useState(value);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setSearch('peer', text.trim());
  };
  return (
    <Form onSubmit={ask} role="search">
      <Form.Control
        type="search"
        size="sm"
        placeholder="Name, address or network, then Enter"
        aria-label="Find an other end"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          if (target.value === '') setSearch('peer', '');
        }}
      />
    </Form>
  );
}

function Chips({ devices }: { devices: readonly Device[] }) {
  const search = useSearch();
  const set = FILTERS.filter((name) => search.get(name));
  if (set.length === 0) return null;
  const shown = (name: string): string => {
    const value = search.get(name) ?? '';
    return name === 'device' ? (devices.find(({ mac }) => mac === value)?.name ?? value) : value;
  };
  return (
    <ul className="chips" aria-label="Filters">
      {set.map((name) => (
        <li key={name}>
          <Button size="sm" variant="outline-secondary" onClick={() => setSearch(name, '')}>
            {words[name]}: {shown(name)} <Icon name="close" />
            <span className="visually-hidden">, remove this filter</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}
