/** When a form closes, the focus goes back to the button that opened it. */
import { useEffect, useRef } from 'react';

/** Ref for the button; `open` says whether its form is there. */
export function useReturnFocus(open: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(open);
  useEffect(() => {
    if (was.current && !open) button.current?.focus();
    was.current = open;
  }, [open]);
  return button;
}
