/** Keys of the whole dashboard, and the button for whoever has none. */
import { lazy, Suspense, useEffect, useState } from 'react';
import Button from 'react-bootstrap/Button';
import { Icon } from '../part/icon.tsx';
import { areLetterKeysOn } from './letter-keys.ts';

const Palette = lazy(() => import('./palette.tsx'));
const Help = lazy(() => import('./help.tsx'));

/** What a letter presses: a thing on the page that says so by `data-key`. */
function pressLetter(key: string): boolean {
  if (key === 'j' || key === 'k') return stepAlert(key === 'j' ? 1 : -1);
  const target = document.querySelector<HTMLElement>(`main [data-key="${key}"]`);
  if (!target) return false;
  target.click();
  target.focus();
  return true;
}

function stepAlert(step: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('main .alert-card a.alert-sentence')];
  if (links.length === 0) return false;
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at === -1 ? (step === 1 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, at + step))].focus();
  return true;
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog[open]') !== null;

export function Shortcuts() {
  const [shown, setShown] = useState<'palette' | 'help' | null>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      const isOpen = document.querySelector('dialog[open]') !== null;
      if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') {
        event.preventDefault();
        if (!isOpen) setShown('palette');
        return;
      }
      if (ctrlKey || metaKey || altKey || isOpen || isWriting(target) || !areLetterKeysOn()) return;
      if (key === '?') setShown('help');
      else if (!/^[jkiem]$/.test(key) || !pressLetter(key)) return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const close = () => setShown(null);
  return (
    <>
      <Button
        variant="link"
        className="theme-switch"
        aria-label="Go to a device, an alert, a page or a setting"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setShown('palette')}
      >
        <Icon name="search" />
      </Button>
      <Suspense fallback={null}>
        {shown === 'palette' && <Palette onClose={close} />}
        {shown === 'help' && <Help onClose={close} />}
      </Suspense>
    </>
  );
}
