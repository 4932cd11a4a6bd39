/**
 * Weights from Keras' layout [K, C] into the panels of four rows that `product` reads, padded with zeros.
 * Row r = 4·panel + j is column panel·panelStep + j·rowStep (see outer.ts).
 */

/** Forward: [R/4, K, 4]. A bias is a matrix of one line. */
export function pack(
  to: usize, from: usize, k: u32, columns: u32, rows: u32, panelStep: u32, rowStep: u32,
): void {
  const step = <usize>rowStep << 2;
  for (let r: u32 = 0; r < rows; r += 4) {
    let at = from + (<usize>((r >> 2) * panelStep) << 2);
    for (let i: u32 = 0; i < k; i++, to += 16, at += <usize>columns << 2) {
      store<f32>(to, load<f32>(at));
      store<f32>(to, r + 1 < rows ? load<f32>(at + step) : 0, 4);
      store<f32>(to, r + 2 < rows ? load<f32>(at + 2 * step) : 0, 8);
      store<f32>(to, r + 3 < rows ? load<f32>(at + 3 * step) : 0, 12);
    }
  }
}

/** Backward, for dx = Wᵀ·dz: [K/4, R, 4]. */
export function packTransposed(
  to: usize, from: usize, k: u32, columns: u32, rows: u32, panelStep: u32, rowStep: u32,
): void {
  const line = <usize>columns << 2;
  for (let i: u32 = 0; i < k; i += 4, from += line << 2) {
    for (let r: u32 = 0; r < rows; r++, to += 16) {
      const at = from + (<usize>((r >> 2) * panelStep + (r & 3) * rowStep) << 2);
      store<f32>(to, load<f32>(at));
      store<f32>(to, i + 1 < k ? load<f32>(at + line) : 0, 4);
      store<f32>(to, i + 2 < k ? load<f32>(at + 2 * line) : 0, 8);
      store<f32>(to, i + 3 < k ? load<f32>(at + 3 * line) : 0, 12);
    }
  }
}
