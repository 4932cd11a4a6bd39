import type { Weight } from './sequential.ts';
import type { Floats } from './tensor.ts';

export interface ClipOptions {
  /** Longest gradient of each weight (Keras: clipnorm). */
  clipNorm?: number;
  /** Longest gradient of all weights together (Keras: global_clipnorm). */
  globalClipNorm?: number;
  /** Largest element (Keras: clipvalue). */
  clipValue?: number;
}

/** Scales gradients[offset, offset + length) to the norm where it is longer. */
function clipToNorm(gradients: Floats, offset: number, length: number, limit: number): void {
  let squares = 0;
  for (let i = offset; i < offset + length; i++) squares += gradients[i] * gradients[i];
  const norm = Math.sqrt(squares);
  if (!(norm > limit)) return;
  const scale = limit / norm;
  for (let i = offset; i < offset + length; i++) gradients[i] *= scale;
}

/** In place, for the flat gradients of `weights` (Pascanu et al. 2013). */
export function clipGradients(gradients: Floats, weights: readonly Weight[], options: ClipOptions): void {
  const { clipNorm, globalClipNorm, clipValue } = options;
  if (clipNorm !== undefined) {
    for (const { offset, data } of weights) clipToNorm(gradients, offset, data.length, clipNorm);
  }
  if (globalClipNorm !== undefined) clipToNorm(gradients, 0, gradients.length, globalClipNorm);
  if (clipValue !== undefined) {
    for (let i = 0; i < gradients.length; i++) {
      gradients[i] = Math.max(-clipValue, Math.min(clipValue, gradients[i]));
    }
  }
}
