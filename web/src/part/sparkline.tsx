/** The shape of the last minutes beside a number. Decoration: the number says the rest. */
const WIDTH = 120;
const HEIGHT = 28;

/** `slots` is how many values fill the width; fewer stand at its right, where now is. */
export function Sparkline({ values, slots }: { values: readonly number[]; slots: number }) {
  const most = Math.max(1, ...values);
  const step = WIDTH / (slots - 1);
  const left = WIDTH - (values.length - 1) * step;
  const path = (values.length > 1 ? values : [])
    .map((value, i) => `${(left + i * step).toFixed(1)},${(HEIGHT - 1 - (value / most) * (HEIGHT - 3)).toFixed(1)}`)
    .join(' ');
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={path} />
    </svg>
  );
}
