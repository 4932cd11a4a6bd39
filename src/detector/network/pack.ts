/** A network as JSON, inside what an engine saves. */
import type { Scaler } from '../../feature/scaler.ts';
import type { Network, NetworkPlan } from './network.ts';

export interface SavedNetwork {
  scaler: Scaler;
  noise: number[];
  /** Little-endian float32 in base64. */
  parameters: string;
}

export function packNetwork({ model, scaler, noise }: Network): SavedNetwork {
  const { buffer, byteOffset, byteLength } = model.parameters;
  return {
    scaler,
    noise: [...noise],
    parameters: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  };
}

/** Throws a RangeError where it does not fit the plan. */
export function unpackNetwork(plan: NetworkPlan, { scaler, noise, parameters }: SavedNetwork): Network {
  const model = plan.build(0);
  const bytes = Uint8Array.from(Buffer.from(parameters, 'base64'));
  if (
    bytes.length !== model.parameters.byteLength ||
    [noise, scaler.offset, scaler.scale].some(({ length }) => length !== plan.features)
  ) {
    throw new RangeError(`${bytes.length} bytes and ${noise.length} features do not make a ${plan.name}`);
  }
  model.parameters.set(new Float32Array(bytes.buffer));
  return { model, scaler, noise: Float32Array.from(noise) };
}
