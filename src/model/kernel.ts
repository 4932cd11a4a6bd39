/** The compiled kernels of nn/, read from build/kernel (nn/ itself reads nothing). */
import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../errors.ts';
import type { Engine } from '../nn/engine.ts';
import { createKernelEngine } from '../nn/kernel/kernel-engine.ts';

/** relaxed: fused multiply-add and int8 dot products; plain: 128-bit SIMD only, for engines before relaxed SIMD. */
export type KernelBuild = 'relaxed' | 'plain';

/** Two folders up from src/model/ and from dist/model/ alike. */
const folder = new URL('../../build/kernel/', import.meta.url);
const modules = new Map<KernelBuild, WebAssembly.Module>();

function readBytes(build: KernelBuild): Uint8Array<ArrayBuffer> {
  const file = new URL(`${build}.wasm`, folder);
  if (!existsSync(file)) throw new AppError('kernel_missing', { file: file.pathname });
  return new Uint8Array(readFileSync(file));
}

/** Compiled once per thread. Without `build`, the fastest that this machine's engine accepts. */
export function loadKernelModule(build?: KernelBuild): WebAssembly.Module {
  const wanted = build ?? (WebAssembly.validate(readBytes('relaxed')) ? 'relaxed' : 'plain');
  let module = modules.get(wanted);
  if (!module) {
    module = new WebAssembly.Module(readBytes(wanted));
    modules.set(wanted, module);
  }
  return module;
}

/** The engine to use everywhere; throws AppError kernel_missing where the product is not built. */
export const loadKernelEngine = (build?: KernelBuild): Engine => createKernelEngine(loadKernelModule(build));
