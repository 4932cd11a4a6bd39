/**
 * Sliding windows over rows. Legend: N rows, F features, T timesteps; data is row-major [N, F].
 */

/**
 * How many windows the published design makes of N rows: `range(len(data) - seq_length)`, so the last possible
 * window is not made and `total_samples` is N - T.
 */
export const windowCount = (rows: number, timesteps: number): number => Math.max(0, rows - timesteps);

/** Windows `first` to `first + count` (window i holds rows i to i + T) copied into [count, T, F]. */
export function copyWindows(
  data: Float32Array,
  features: number,
  timesteps: number,
  first: number,
  count: number,
  out: Float32Array = new Float32Array(count * timesteps * features),
): Float32Array {
  const size = timesteps * features;
  for (let window = 0; window < count; window++) {
    const start = (first + window) * features;
    out.set(data.subarray(start, start + size), window * size);
  }
  return out;
}
