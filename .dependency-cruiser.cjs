// Who may import whom in src/: the table of ARCHITECTURE.md as rules. test/architecture/imports.test.ts runs it and proves
// that it can fail. A folder that is not in the table fails as well, so a new folder states its place here first.
'use strict';

/** Folder: what it may import besides itself and npm packages. A row that nothing uses any more fails the test. */
const mayImport = {
  source: ['packet', 'flow', 'leaf'],
  packet: [],
  flow: ['packet'],
  device: ['packet', 'flow', 'leaf'],
  feature: ['packet', 'flow'],
  nn: [],
  detector: ['feature', 'nn', 'flow', 'device', 'packet', 'leaf'],
  model: ['nn', 'feature', 'detector', 'leaf'],
  alert: ['packet', 'flow', 'feature', 'detector'],
  store: ['alert', 'device', 'leaf'],
  account: ['store', 'leaf'],
  fleet: ['store', 'leaf'],
  reach: ['leaf'],
  notify: ['alert', 'leaf'],
  config: ['notify', 'model', 'leaf'],
  training: ['nn', 'feature', 'flow', 'device', 'source', 'detector', 'model', 'simulator', 'leaf'],
  simulator: ['leaf'],
  scan: ['source', 'packet', 'flow', 'device', 'detector', 'model', 'training', 'alert', 'api', 'leaf'],
  monitor: [
    ...['source', 'packet', 'flow', 'device', 'feature', 'nn', 'detector', 'model', 'training', 'alert'],
    ...['store', 'config', 'simulator', 'api', 'leaf'],
  ],
  doctor: ['source', 'device', 'model', 'monitor'],
  service: ['source', 'model', 'monitor', 'doctor', 'leaf'],
  evaluation: [
    ...[
      'flow',
      'feature',
      'detector',
      'alert',
      'training',
      'model',
      'nn',
      'device',
      'source',
      'packet',
      'scan',
      'leaf',
    ],
  ],
};
/** These wire everything and may import everything, api/ all but the stages that must stay off the main thread. */
const wiring = ['cli', 'app'];
const apart = { api: ['source', 'packet', 'nn', 'scan', 'monitor', 'doctor', 'training'] };
const leaves = ['errors', 'log', 'clock', 'events', 'version'];

const folders = [...Object.keys(mayImport), ...wiring, ...Object.keys(apart)];
// A leaf may keep its table in a folder of its name.
const pathOf = (name) => (name === 'leaf' ? `^src/(${leaves.join('|')})(\\.ts$|/)` : `^src/${name}/`);
const test = '\\.test\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `${folder}-imports`,
      comment: `src/${folder}/ may import ${allowed.join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: test },
      to: { path: '^src/', pathNot: [folder, ...allowed].map(pathOf) },
    })),
    ...Object.entries(apart).map(([folder, banned]) => ({
      name: `${folder}-imports`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: test },
      to: { path: banned.map(pathOf) },
    })),
    ...['nn', 'packet'].map((folder) => ({
      name: `${folder}-is-pure`,
      comment: `src/${folder}/ imports no package and nothing of Node (packet/ takes the hashes and ciphers of TLS and QUIC from crypto)`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: test },
      to: {
        ...(folder === 'packet' ? { pathNot: '^(node:)?crypto$' } : {}),
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
      },
    })),
    {
      name: 'leaves-import-nothing',
      severity: 'error',
      from: { path: pathOf('leaf') },
      to: { path: '^src/', pathNot: pathOf('leaf') },
    },
    {
      name: 'web-sees-the-contract-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: '^src/api/contract\\.ts$' },
    },
    {
      name: 'every-folder-has-a-place',
      comment: 'A new folder of src/ needs a line in this table.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${[...folders, ...leaves].join('|')})/` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/(nn|flow)/kernel/assembly/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
  },
};
