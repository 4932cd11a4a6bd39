// `npm run build`: compiles src/ into an empty dist/, so that nothing of an earlier build is published.
'use strict';

const { spawnSync } = require('node:child_process');
const { rmSync } = require('node:fs');
const path = require('node:path');
const { root, requireNode } = require('../bin/runtime.cjs');

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const args = [path.join(root, 'scripts/node.cjs'), 'tsc', '-p', 'tsconfig.build.json'];
process.exit(spawnSync(requireNode(), args, { cwd: root, stdio: 'inherit' }).status ?? 4);
