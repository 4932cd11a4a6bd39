/** Goes anywhere by a few letters: a device, an open alert, a page, a setting. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import Form from 'react-bootstrap/Form';
import { useLatestAlerts } from '../alert/queries.ts';
import { useDevices } from '../device/queries.ts';
import { navigate } from '../router.tsx';
import { type Entry, find, ofAlert, ofDevice, pages } from './entries.ts';

const SHOWN = 10;
const ALERTS = 50;

export default function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const devices = useDevices().data?.devices;
  const alerts = useLatestAlerts(ALERTS, { status: 'open' }).data?.alerts;
  const entries = useMemo(
    () => [...pages, ...(devices ?? []).map(ofDevice), ...(alerts ?? []).map(ofAlert)],
    [devices, alerts],
  );
  const found = find(entries, text, SHOWN);
  const at = Math.min(chosen, found.length - 1);
  useEffect(() => dialog.current?.showModal(), []);
  const go = ({ href }: Entry) => {
    dialog.current?.close();
    navigate(href);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setChosen((at + step + found.length) % found.length);
    } else if (event.key === 'Enter' && found[at]) {
      event.preventDefault();
      go(found[at]);
    } else if (event.key === 'Escape') {
      // A field for searches takes the key to empty itself.
      event.preventDefault();
      dialog.current?.close();
    }
  };
  return (
    <dialog ref={dialog} className="dialog palette" aria-label="Go to" onClose={onClose}>
      <Form.Control
        type="search"
        role="combobox"
        aria-label="Device, alert, page or setting"
        aria-expanded
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        placeholder="Device, alert, page or setting"
        autoComplete="off"
        // Where a dialog opens the next key is meant for it.
        autoFocus
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      <div id="palette-list" role="listbox" aria-label="Found" className="palette-list">
        {found.map((entry, i) => (
          <div
            key={entry.href}
            id={`palette-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className="palette-entry"
            onClick={() => go(entry)}
            onKeyDown={press}
          >
            <span className="palette-name">{entry.name}</span>
            <span className="text-body-secondary">{entry.detail}</span>
          </div>
        ))}
      </div>
      <p className="text-body-secondary mb-0" role="status">
        {found.length === 0 ? 'Nothing fits. Fewer letters find more.' : ''}
      </p>
    </dialog>
  );
}
