import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const outDir = path.join(import.meta.dirname, '../build/web');

/** Packs the assets once, here, and not at each visit on a small machine. */
const packed: Plugin = {
  name: 'packed-assets',
  closeBundle() {
    const assets = path.join(outDir, 'assets');
    for (const name of readdirSync(assets)) {
      if (!/\.(js|css)$/.test(name)) continue;
      const file = path.join(assets, name);
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), packed],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // The chart library is loaded only where there is a chart.
    chunkSizeWarningLimit: 700,
  },
});
