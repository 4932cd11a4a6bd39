/** Settings, the command line, and what commands write. */
import type { ErrorEntry } from './entry.ts';

export const commandErrors = {
  // settings and the command line
  unknown_setting: {
    status: 400,
    exit: 2,
    message: 'There is no setting "{name}" ({where}).',
    hint: 'Did you mean "{nearest}"?',
  },
  bad_setting: {
    status: 400,
    exit: 2,
    message: 'Setting "{name}" ({where}) cannot be "{value}": {reason}.',
    hint: '{expected}',
  },
  bad_config_file: {
    status: 400,
    exit: 2,
    message: 'Cannot read {file}, line {line}: {reason}.',
    hint: 'Mend the line; "guardian config --init fresh.yaml" writes a file to compare it with.',
  },
  file_exists: {
    status: 409,
    exit: 2,
    message: '"{file}" exists already.',
    hint: 'Give another name, or add --force to replace it.',
  },
  missing_option: { status: 400, exit: 2, message: '{option} is missing.', hint: '{expected}' },
  side_file_exists: {
    status: 409,
    exit: 2,
    message: '"{file}" exists already, and may be a log of Zeek.',
    hint: 'Choose another folder with --side-dir DIR, or add --force to replace it.',
  },
  bad_option: { status: 400, exit: 2, message: 'Option {option} cannot be "{value}".', hint: '{expected}' },
  server_does_not_answer: {
    status: 503,
    exit: 4,
    message: 'No server answers at {url}: {reason}.',
    hint: 'Start it with "guardian serve", or give its port with --port.',
  },
  service_not_possible: {
    status: 503,
    exit: 4,
    message: 'Guardian cannot be set up as a service: {reason}.',
    hint: '{mend}',
  },
  nothing_to_discover: {
    status: 400,
    exit: 2,
    message: 'Nothing was given to look at.',
    hint: 'Give captures ("guardian discover capture.pcap"), or a network ("guardian discover --active").',
  },
  not_loopback: {
    status: 400,
    exit: 2,
    message: 'Without accounts Guardian listens on this machine only, and {host} is not a loopback address.',
    hint: 'Leave --no-auth away: then it asks for a login, and other devices can reach it.',
  },
  bad_certificate: {
    status: 500,
    exit: 2,
    message: 'The certificate {certificate} with the key {key} cannot be used: {reason}.',
    hint: 'Set server.certificate and server.key to a PEM file each that belong together, or leave both empty: then Guardian makes one.',
  },
  port_in_use: {
    status: 503,
    exit: 4,
    message: 'Port {port} on {host} is in use by another program.',
    hint: 'Stop that program or choose another port with --port (0 takes a free one).',
  },
  data_not_writable: {
    status: 503,
    exit: 4,
    message: 'Cannot write in the data folder {directory}: {reason}.',
    hint: 'Choose another one with --data DIR, or mend its permissions.',
  },
  dashboard_not_built: { status: 503, exit: 4, message: 'The dashboard is not built.', hint: 'Run "npm run setup".' },
  // simulator
  unknown_attack: {
    status: 400,
    exit: 2,
    message: 'There is no attack "{attack}".',
    hint: 'There are: {kinds}.',
  },
  bad_attack_option: {
    status: 400,
    exit: 2,
    message: 'The attack "{attack}" cannot be simulated so: {reason}.',
    hint: 'Write it as kind:key=value,key=value; docs/simulator.md lists the options of each kind.',
  },
  bad_simulation: {
    status: 400,
    exit: 2,
    message: 'Cannot simulate this home: {reason}.',
    hint: 'See "guardian simulate --help".',
  },
  output_not_writable: {
    status: 503,
    exit: 4,
    message: 'Cannot write "{file}": {reason}.',
    hint: 'Check that the folder exists, that you may write there and that there is room.',
  },
} as const satisfies Record<string, ErrorEntry>;
