// After `npm pack`: package.json as it was.
'use strict';

const { renameSync } = require('node:fs');
const path = require('node:path');
const { root } = require('../bin/runtime.cjs');

renameSync(path.join(root, 'node_modules', '.guardian', 'package.json'), path.join(root, 'package.json'));
