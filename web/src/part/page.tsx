/** The frame of a view: its title in the page and the window; the focus goes there when the view changes. */
import { type ReactNode, useEffect, useRef } from 'react';

/** The first view of a visit leaves the focus where the browser has put it. */
let visited = false;

interface PageProps {
  /** For the window; the heading may say more. */
  title: string;
  heading: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, heading, lead, actions, children }: PageProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Home IoT Guardian`;
  }, [title]);
  useEffect(() => {
    if (visited) ref.current?.focus({ preventScroll: true });
    visited = true;
  }, []);
  return (
    <>
      <header className="page-head">
        <div>
          <h1 ref={ref} tabIndex={-1}>
            {heading}
          </h1>
          {lead && <div className="page-lead">{lead}</div>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

interface PanelProps {
  title: string;
  /** h3 for a panel below a heading of its own. */
  level?: 'h2' | 'h3';
  aside?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, level: Heading = 'h2', aside, children }: PanelProps) {
  return (
    <section className="panel">
      <div className="panel-head">
        <Heading>{title}</Heading>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A number with its name; a list of them is a <dl>. */
export function Stat({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="stat">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
