/** Poisson intervals: does a count agree with a promised rate? */

/** P(X <= count) for X ~ Poisson(mean). */
export function poissonCdf(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    sum += term;
    term *= mean / (k + 1);
  }
  return Math.min(1, sum);
}

/** The central interval of counts that holds at least `level` of the probability (both ends included). */
export function poissonInterval(mean: number, level = 0.95): [low: number, high: number] {
  const tail = (1 - level) / 2;
  let low = 0;
  while (poissonCdf(low, mean) <= tail) low++;
  let high = low;
  while (poissonCdf(high, mean) < 1 - tail) high++;
  return [low, high];
}
