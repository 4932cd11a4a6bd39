/** What a view shows while it has nothing to show: its shape, its reason, or what will appear. */
import { type ReactNode, useEffect, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import { ApiError } from '../api.ts';
import { Icon, type IconName } from './icon.tsx';

/** Grey lines in the place of what is coming; they show themselves only after a moment. */
export function Skeleton({ lines = 4, label }: { lines?: number; label: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
        <span key={line} className="skeleton-line" />
      ))}
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} className="empty-icon" />
      <p className="empty-title">{title}</p>
      <p className="text-body-secondary mb-0">{children}</p>
    </div>
  );
}

/** What happened, how to mend it, and the code for whoever looks it up. */
export function Failure({
  error,
  onRetry,
  retry = 'Try again',
  takeFocus = false,
}: {
  error: Error;
  onRetry?: () => void;
  retry?: string;
  /** Where it replaces what had the focus: the next key press continues here. */
  takeFocus?: boolean;
}) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takeFocus) ref.current?.focus();
  }, [takeFocus]);
  const known = error instanceof ApiError ? error : undefined;
  return (
    <div ref={ref} tabIndex={-1} className="notice notice-failure" role="alert">
      <Icon name="high" className="notice-icon" />
      <div className="notice-text">
        <p className="fw-semibold mb-1">{error.message}</p>
        {known?.hint && <p className="mb-1">{known.hint}</p>}
        {known && <code className="notice-code">{known.code}</code>}
      </div>
      {onRetry && (
        <Button variant="outline-secondary" size="sm" onClick={onRetry}>
          {retry}
        </Button>
      )}
    </div>
  );
}

export function Note({ children }: { children: ReactNode }) {
  return (
    <div className="notice">
      <Icon name="info" className="notice-icon" />
      <div className="notice-text">{children}</div>
    </div>
  );
}
