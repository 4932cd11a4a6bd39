/**
 * Compiles src/nn/kernel/assembly into build/kernel: one module with relaxed SIMD (fused multiply-add, int8 dot
 * products) and a plain one for engines without it. src/model/kernel.ts chooses.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'build', 'kernel');
const builds = { relaxed: ['--enable', 'relaxed-simd'], plain: ['--enable', 'simd'] };

mkdirSync(folder, { recursive: true });
for (const [name, features] of Object.entries(builds)) {
  const outputs = new Map<string, Uint8Array | string>();
  const { error, stderr } = await asc.main(
    [
      'src/nn/kernel/assembly/index.ts',
      ...['--outFile', `${name}.wasm`, '--runtime', 'stub', '--importMemory', '--noExportMemory', '-O3', '--noAssert'],
      ...features,
    ],
    { writeFile: (file, contents) => void outputs.set(path.basename(file), contents) },
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}${error.message}\n`);
    process.exit(1);
  }
  for (const [file, contents] of outputs) writeFileSync(path.join(folder, file), contents);
}
