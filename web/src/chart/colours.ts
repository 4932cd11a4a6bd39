/** The page's colours, for a canvas, which knows no style sheet. */
import type { Severity } from '../../../src/api/contract.ts';

export interface ChartColours {
  text: string;
  muted: string;
  surface: string;
  border: string;
  accent: string;
  severity: Record<Severity, string>;
}

export function readColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read('--bs-body-color'),
    muted: read('--bs-secondary-color'),
    surface: read('--surface'),
    border: read('--bs-border-color'),
    accent: read('--accent'),
    severity: {
      Critical: read('--critical'),
      High: read('--high'),
      Medium: read('--medium'),
      Low: read('--low'),
    },
  };
}

/** A shape for each severity beside its colour. */
export const symbols: Record<Severity, string> = {
  Critical: 'diamond',
  High: 'triangle',
  Medium: 'circle',
  Low: 'rect',
};

/** Drawn on the canvas: an HTML tooltip would break the content security policy, and could be broken into. */
export const textTooltip = (colours: ChartColours) =>
  ({
    renderMode: 'richText',
    backgroundColor: colours.surface,
    borderColor: colours.border,
    textStyle: { color: colours.text, fontSize: 13 },
  }) as const;

/** The chart library loads no type of its own: the page's. */
export const textStyle = { fontFamily: 'system-ui, sans-serif' };
