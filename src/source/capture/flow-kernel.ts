/** The compiled fast path of flow/kernel, read from build/kernel (flow/ itself reads nothing). */
import { readFileSync } from 'node:fs';
import { AppError } from '../../errors.ts';

/** Three folders up from src/source/capture/ and from dist/source/capture/ alike. */
const file = new URL('../../../build/kernel/flow.wasm', import.meta.url);
let compiled: WebAssembly.Module | null = null;

/** Compiled once per thread. Throws AppError kernel_missing where the product is not built. */
export function loadFlowKernel(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readKernel());
  return compiled;
}

function readKernel(): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new AppError('kernel_missing', { file: file.pathname }, { cause: error });
  }
}
