/** Small plots as inline SVG, for pages without scripts. */

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export interface Line {
  name: string;
  values: readonly number[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [560, 220, 64, 28, 12];
const COLOURS = ['#1a6fb5', '#c2571a', '#3a7d44'];
const BARS = 40;

const label = (value: number): string => (value === 0 ? '0' : Number(value.toPrecision(3)).toString());

function frame(body: string, x: [number, number], y: [number, number], xName: string, title: string): string {
  const axis = `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH}`;
  const text = (px: number, py: number, anchor: string, content: string): string =>
    `<text x="${px}" y="${py}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
  return [
    `<svg viewBox="0 0 ${WIDTH + 8} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}"><title>${escapeHtml(title)}</title>`,
    `<path d="${axis}" fill="none" stroke="currentColor" stroke-opacity=".4"/>`,
    text(LEFT - 6, HEIGHT - BOTTOM, 'end', label(y[0])),
    text(LEFT - 6, TOP + 8, 'end', label(y[1])),
    text(LEFT, HEIGHT - 10, 'start', label(x[0])),
    text(WIDTH, HEIGHT - 10, 'end', label(x[1])),
    text((LEFT + WIDTH) / 2, HEIGHT - 10, 'middle', xName),
    body,
    '</svg>',
  ].join('');
}

const scale = (value: number, low: number, high: number, from: number, to: number): string =>
  (from + ((value - low) / (high - low || 1)) * (to - from)).toFixed(1);

/** Lines over 1, 2, 3 …, from 0 to their maximum. */
export function linePlot(lines: readonly Line[], xName: string, title: string): string {
  const length = Math.max(...lines.map(({ values }) => values.length));
  const high = Math.max(...lines.flatMap(({ values }) => values));
  const body = lines.map(({ name, values }, i) => {
    const points = values.map(
      (value, x) => `${scale(x + 1, 1, length, LEFT, WIDTH)},${scale(value, 0, high, HEIGHT - BOTTOM, TOP)}`,
    );
    const colour = COLOURS[i % COLOURS.length];
    return (
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      `<text x="${WIDTH}" y="${TOP + 14 * (i + 1)}" text-anchor="end" fill="${colour}">${escapeHtml(name)}</text>`
    );
  });
  return frame(body.join(''), [1, length], [0, high], xName, title);
}

/** How often values of each size occur, up to the largest mark, with marks as vertical lines. */
export function histogramPlot(
  values: ArrayLike<number>,
  marks: readonly { name: string; value: number }[],
  xName: string,
  title: string,
): string {
  const high = 1.1 * Math.max(...marks.map(({ value }) => value), Number.EPSILON);
  const counts = new Array<number>(BARS).fill(0);
  for (let i = 0; i < values.length; i++) counts[Math.min(BARS - 1, Math.floor((values[i] / high) * BARS))]++;
  const most = Math.max(...counts);
  const step = (WIDTH - LEFT) / BARS;
  const bars = counts.map((count, i) => {
    const height = (HEIGHT - BOTTOM - TOP) * (count / (most || 1));
    return `<rect x="${(LEFT + i * step).toFixed(1)}" y="${(HEIGHT - BOTTOM - height).toFixed(1)}" width="${(step - 1).toFixed(1)}" height="${height.toFixed(1)}" fill="${COLOURS[0]}" fill-opacity=".6"/>`;
  });
  const lines = marks.map(({ name, value }, i) => {
    const x = scale(value, 0, high, LEFT, WIDTH);
    return (
      `<path d="M${x} ${TOP}V${HEIGHT - BOTTOM}" stroke="${COLOURS[1]}" stroke-dasharray="4 3"/>` +
      `<text x="${x}" y="${TOP + 12 * (i + 1)}" text-anchor="end" fill="${COLOURS[1]}">${escapeHtml(name)} </text>`
    );
  });
  return frame([...bars, ...lines].join(''), [0, high], [0, most], xName, title);
}
