/**
 * Compiles src/nn/kernel/assembly into build/kernel: one module with relaxed SIMD (fused multiply-add, int8 dot
 * products) and a plain one for engines without it. src/model/kernel.ts chooses. And src/flow/kernel/assembly, the fast
 * path of the connection table.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'build', 'kernel');
const builds = {
  relaxed: ['src/nn/kernel/assembly/index.ts', '--enable', 'relaxed-simd'],
  plain: ['src/nn/kernel/assembly/index.ts', '--enable', 'simd'],
  flow: ['src/flow/kernel/assembly/index.ts'],
};

mkdirSync(folder, { recursive: true });
for (const [name, options] of Object.entries(builds)) {
  const outputs = new Map<string, Uint8Array | string>();
  const { error, stderr } = await asc.main(
    [
      ...['--outFile', `${name}.wasm`, '--runtime', 'stub', '--importMemory', '--noExportMemory', '-O3', '--noAssert'],
      ...options,
    ],
    { writeFile: (file, contents) => void outputs.set(path.basename(file), contents) },
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}${error.message}\n`);
    process.exit(1);
  }
  for (const [file, contents] of outputs) writeFileSync(path.join(folder, file), contents);
}
