/**
 * Operational failures: one table of code, HTTP status, exit code, message and way out.
 * Bad traffic is not here (it is a counted weird), nor are bugs (they throw plain errors and stop the unit).
 * docs/errors.md is generated from this table.
 */

/** Exit codes: 0 fine, 1 something found (--fail-on), 2 wrong use, 3 bad input, 4 environment. */
export type ExitCode = 2 | 3 | 4;

interface ErrorEntry {
  readonly status: number;
  readonly exit: ExitCode;
  /** What happened and where; `{name}` is filled from the parameters. */
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
}

// One line per field keeps the table greppable; sections follow the path of the data.
export const errorTable = {
  // input files
  file_not_found: {
    status: 404,
    exit: 3,
    message: 'There is no file "{file}".',
    hint: 'Check the path and that you may read it.',
  },
  file_unreadable: {
    status: 400,
    exit: 3,
    message: 'Cannot read "{file}": {reason}.',
    hint: 'Check the permissions of the file.',
  },
  not_a_file: {
    status: 400,
    exit: 3,
    message: '"{file}" is a folder.',
    hint: 'Name the files in it, for example: {file}/*',
  },
  empty_file: {
    status: 400,
    exit: 3,
    message: '"{file}" is empty (0 bytes).',
    hint: 'Choose a capture or a flow log that holds data.',
  },
  unsupported_type: {
    status: 400,
    exit: 3,
    message: '"{file}" is {found}, which cannot be analysed.',
    hint: 'Supported are: {supported}.',
  },
  // logs of connections and what they are packed in
  corrupt_compression: {
    status: 422,
    exit: 3,
    message: 'The {format} data of "{file}" are damaged near byte {offset}.',
    hint: 'Copy or download the file again, or unpack it with {format} to see how much is whole.',
  },
  expands_too_much: {
    status: 413,
    exit: 3,
    message: '"{file}" unpacks to more than {limit}, or to more than {ratio} times its size.',
    hint: 'Unpack and split it, or scan it on the machine itself with "guardian scan".',
  },
  missing_columns: {
    status: 422,
    exit: 3,
    message: '"{file}" has no column {missing}. Its columns are: {found}.',
    hint: 'Rename the columns as Zeek does, or give a column mapping that says which column is which field.',
  },
  duplicate_columns: {
    status: 422,
    exit: 3,
    message: '"{file}" has more than one column for the same field: {columns}.',
    hint: 'Remove or rename all but one of them.',
  },
  too_many_columns: {
    status: 422,
    exit: 3,
    message: 'The header of "{file}" has {columns} columns; at most {limit} are read.',
    hint: 'Check that the first line is a header and that its delimiter is a comma, tab, semicolon or bar.',
  },
  line_too_long: {
    status: 422,
    exit: 3,
    message: 'Line {line} of "{file}" is longer than {limit}.',
    hint: 'A flow log has one short line per connection: check that its line ends are LF or CRLF.',
  },
  no_fields_line: {
    status: 422,
    exit: 3,
    message: '"{file}" looks like a Zeek log but has no #fields line.',
    hint: 'Keep the lines that start with "#" when you cut or join Zeek logs.',
  },
  not_a_conn_log: {
    status: 422,
    exit: 3,
    message: '"{file}" is Zeek\'s {path}.log; connections are in conn.log.',
    hint: 'Choose the conn.log of the same folder.',
  },
  corrupt_parquet: {
    status: 422,
    exit: 3,
    message: 'The Parquet file "{file}" cannot be decoded: {reason}.',
    hint: 'Write it again, compressed with Snappy, gzip, Zstandard or not at all.',
  },
  corrupt_netflow: {
    status: 422,
    exit: 3,
    message: '"{file}" begins like NetFlow or IPFIX, but no message can be read at byte {offset}.',
    hint: 'Store the datagrams as they came, one after the other, without anything between them.',
  },
  listen_failed: {
    status: 500,
    exit: 4,
    message: 'Cannot listen for {what} on {address}: {reason}.',
    hint: 'Choose another port, or stop the program that holds this one.',
  },
  invalid_mapping: {
    status: 400,
    exit: 2,
    message: 'The column mapping {where} cannot be used: {reason}.',
    hint: 'It is a JSON object from column names to field names, such as "Bytes out": "orig_bytes".',
  },
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
    hint: 'See "guardian config --help" for what it may be.',
  },
  bad_config_file: {
    status: 400,
    exit: 2,
    message: 'Cannot read {file}, line {line}: {reason}.',
    hint: 'Mend the line, or write a fresh file with "guardian config --init".',
  },
  file_exists: {
    status: 409,
    exit: 2,
    message: '"{file}" exists already.',
    hint: 'Give another name, or add --force to replace it.',
  },
  bad_option: { status: 400, exit: 2, message: 'Option {option} cannot be "{value}".', hint: '{expected}' },
  not_loopback: {
    status: 400,
    exit: 2,
    message: 'Guardian has no accounts yet, so it listens on this machine only, and {host} is not a loopback address.',
    hint: 'Use 127.0.0.1 or ::1, and reach it from elsewhere through an SSH tunnel: ssh -L 5000:127.0.0.1:5000 THIS-MACHINE.',
  },
  no_auth_required: {
    status: 400,
    exit: 2,
    message: 'Guardian has no accounts yet.',
    hint: 'Start it with --no-auth; it then listens on this machine only.',
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
  // scanning and training
  model_unfit: {
    status: 422,
    exit: 3,
    message: 'The model in {directory} cannot be used here: {reason}.',
    hint: 'Choose another one with --model, or train one with "guardian train".',
  },
  no_benign_rows: {
    status: 422,
    exit: 3,
    message:
      'The files hold {rows} benign or unlabelled flows of one device at most, and at least {needed} are needed to learn.',
    hint: 'Train on traffic of ordinary days; rows with a malicious label are left out.',
  },
  too_few_rows: {
    status: 422,
    exit: 3,
    message: '"{file}" has {rows} usable {unit}, and at least {needed} are needed.{because}',
    hint: 'Record or export a longer stretch of traffic.',
  },
  diverged: {
    status: 422,
    exit: 3,
    message: 'Training stopped: the loss was no longer a number after epoch {epoch}.',
    hint: 'Check the input for extreme values, or train with --learning-rate 0.0003.',
  },
  // model folders
  model_not_found: {
    status: 404,
    exit: 3,
    message: 'There is no model in {directory}.',
    hint: 'Give the folder that "guardian train --out" wrote; it holds a manifest.json.',
  },
  model_damaged: {
    status: 422,
    exit: 3,
    message: 'The model in {directory} is damaged: {reason}.',
    hint: 'Copy it again from where it was trained, or train a new one.',
  },
  model_outdated: {
    status: 409,
    exit: 3,
    message:
      'What is ordinary here has changed: {hours} unusual hours of devices in three days, where {expected} were to be expected.',
    hint: 'If nothing is wrong, learn anew: "guardian train" makes a new version, which is tried before it takes over.',
  },
  model_newer: {
    status: 422,
    exit: 3,
    message: 'The model in {directory} has format {version}, and this version of Guardian reads up to {supported}.',
    hint: 'Update Guardian, or train a new model with this version.',
  },
  model_not_writable: {
    status: 503,
    exit: 4,
    message: 'Cannot write the model to {directory}: {reason}.',
    hint: 'Choose another folder, or mend its permissions and free space.',
  },
  checkpoint_damaged: {
    status: 422,
    exit: 3,
    message: 'Cannot go on from "{file}": {reason}.',
    hint: 'Start the training again without it.',
  },
  kernel_missing: {
    status: 503,
    exit: 4,
    message: 'The numeric kernels are not built: {file} is missing.',
    hint: 'Run "npm run setup".',
  },
  // captures
  capture_corrupt: {
    status: 422,
    exit: 3,
    message: '"{file}" is damaged at byte {offset} ({what}), before its first packet.',
    hint: 'Capture again, or repair the file with a capture editor.',
  },
  unsupported_linktype: {
    status: 422,
    exit: 3,
    message: '"{file}" has link type {linktype}, which cannot be decoded.',
    hint: 'Capture on an interface of one of these link types: {supported}.',
  },
  // live capture
  no_such_interface: {
    status: 400,
    exit: 2,
    message: 'There is no network interface "{interface}".',
    hint: 'Interfaces of this machine: {known}.',
  },
  bad_filter: {
    status: 400,
    exit: 2,
    message: 'The capture filter "{filter}" cannot be used: {reason}.',
    hint: 'Write it as for tcpdump, for example: not port 22.',
  },
  bad_source: {
    status: 400,
    exit: 2,
    message: '"{source}" cannot be watched: {reason}.',
    hint: 'See "guardian monitor --help" for what can be.',
  },
  capture_tool_missing: {
    status: 503,
    exit: 4,
    message: 'There is neither tcpdump nor dumpcap on this machine.',
    hint: '"guardian doctor" says how to install one.',
  },
  capture_failed: {
    status: 503,
    exit: 4,
    message: 'Nothing could be captured on {interface}: {reason}.',
    hint: 'Run "guardian doctor --interface {interface}".',
  },
  nothing_seen: {
    status: 503,
    exit: 4,
    message: 'Nothing was seen of {source}: {reason}.',
    hint: 'Check the machine that it comes from, and that this one may reach it.',
  },
  bad_state_file: {
    status: 422,
    exit: 3,
    message: 'The state in "{file}" cannot be used: {reason}.',
    hint: 'Move it away to learn afresh, or restore a backup of it.',
  },
  // devices
  unknown_interface: {
    status: 400,
    exit: 2,
    message: 'There is no network interface {interface} with an IPv4 address.',
    hint: 'Interfaces of this machine: {known}.',
  },
  subnet_too_large: {
    status: 422,
    exit: 2,
    message: 'The network of {interface} is a /{prefix}, too many addresses to ask one by one.',
    hint: 'Networks up to /{widest} are asked; watch a larger one with a capture instead.',
  },
  device_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no device {mac}.',
    hint: 'See /api/v1/devices for those that are known.',
  },
  // live monitor
  alert_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no such alert.',
    hint: 'See /api/v1/alerts for those that are kept.',
  },
  mute_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no such mute.',
    hint: 'See /api/v1/mutes for those that are in force.',
  },
  nobody_to_ask: {
    status: 409,
    exit: 4,
    message: 'What is watched ({source}) is no network of this machine, so nobody there can be asked.',
    hint: 'Devices are listed as soon as they speak.',
  },
  monitor_off: {
    status: 409,
    exit: 4,
    message: 'Nothing is being watched at the moment.',
    hint: 'Choose an interface on the monitor page, or start with "guardian serve --interface NAME".',
  },
  demo_only: {
    status: 409,
    exit: 4,
    message: 'This is a demonstration with a simulated home: no real network is watched or searched.',
    hint: 'Start without --demo: "guardian serve --interface NAME".',
  },
  // store
  data_in_use: {
    status: 503,
    exit: 4,
    message: 'Another Guardian is running on {file}.',
    hint: 'Stop it, or choose another data folder with --data DIR.',
  },
  database_newer: {
    status: 503,
    exit: 4,
    message: 'The database was written by a newer version of Guardian.',
    hint: 'Install that version again, or restore a backup that this one made; the file was not changed.',
  },
  storage_full: {
    status: 507,
    exit: 4,
    message: 'The disk of the data folder is full.',
    hint: 'Free some space; nothing needs to be restarted.',
  },
  store_unavailable: {
    status: 503,
    exit: 4,
    message: 'The database cannot be used: {reason}.',
    hint: 'Check the disk and the permissions of the data folder, then restart Guardian.',
  },
  // notifications
  delivery_refused: {
    status: 502,
    exit: 4,
    message: '{target} refused the message: {reason}.',
    hint: 'Check the settings of the channel, above all its address and its secret.',
  },
  delivery_unreachable: {
    status: 502,
    exit: 4,
    message: '{target} cannot be reached: {reason}.',
    hint: 'Check its address and that this machine may reach it.',
  },
  delivery_timeout: {
    status: 504,
    exit: 4,
    message: '{target} did not take the message within {seconds} seconds.',
    hint: 'Check that it runs and that no firewall swallows the connection.',
  },
  delivery_untrusted: {
    status: 502,
    exit: 4,
    message: 'The certificate of {target} is not trusted: {reason}.',
    hint: 'If it is your own server, put the certificate of its authority into the setting "ca" of the channel.',
  },
  target_refused: {
    status: 400,
    exit: 2,
    message: 'Notifications may not be sent to {target}: {reason}.',
    hint: 'If it is a machine of yours, add its address to notifications.lanTargets.',
  },
  secret_missing: {
    status: 400,
    exit: 2,
    message: 'There is no secret in {origin}.',
    hint: 'Set the environment variable, mend the file or enter the secret in the settings of the channel.',
  },
  secret_unreadable: {
    status: 503,
    exit: 4,
    message: 'A stored secret cannot be opened: {reason}.',
    hint: 'Restore the key file that belongs to the database, or enter the secret again.',
  },
  channel_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no notification channel "{name}".',
    hint: 'There are: {known}.',
  },
  channel_not_here: {
    status: 409,
    exit: 2,
    message: 'The channel "{name}" is set in {origin}.',
    hint: 'Change it there and start Guardian again, or give the new channel another name.',
  },
  channel_in_use: {
    status: 409,
    exit: 2,
    message: 'The rule "{rule}" names the channel "{name}".',
    hint: 'Take the channel out of the rule first.',
  },
  rules_not_here: {
    status: 409,
    exit: 2,
    message: 'The rules of notifications are set in guardian.yaml.',
    hint: 'Change them there and start Guardian again.',
  },
  invalid_fields: {
    status: 400,
    exit: 2,
    message: 'This cannot be kept: {reason}.',
    hint: 'Change what is named and try again.',
  },
  delivery_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no such delivery, or it is still on its way.',
    hint: 'See the delivery log for what can be sent again.',
  },
  // server
  no_file: {
    status: 400,
    exit: 2,
    message: 'No file provided',
    hint: 'Send it as multipart/form-data in the field "file".',
  },
  too_large: {
    status: 413,
    exit: 3,
    message: '"{file}" is larger than {limit}.',
    hint: 'Split it, or raise {setting}.',
  },
  bad_multipart: {
    status: 400,
    exit: 2,
    message: 'The upload is not a well-formed multipart/form-data body: {reason}.',
    hint: 'Send one file in the field "file", for example with: curl -F file=@traffic.csv URL/upload.',
  },
  upload_aborted: {
    status: 400,
    exit: 3,
    message: 'The upload ended before the file was complete.',
    hint: 'Send it again; nothing was kept.',
  },
  busy: {
    status: 429,
    exit: 4,
    message: 'Guardian is busy with {count} uploads.',
    hint: 'Try again in a few seconds, or raise upload.maxConcurrentScans.',
  },
  stopping: {
    status: 503,
    exit: 4,
    message: 'Guardian is stopping.',
    hint: 'Send the file again once it runs; nothing was kept.',
  },
  too_many_listeners: {
    status: 503,
    exit: 4,
    message: 'Guardian already sends live events to {count} clients.',
    hint: 'Close dashboards that nobody looks at.',
  },
  unknown_host: {
    status: 421,
    exit: 2,
    message: 'This Guardian is not known by the name that the request used.',
    hint: 'Open it by its address or as localhost, or add the name to server.allowedHosts.',
  },
  foreign_origin: {
    status: 403,
    exit: 2,
    message: 'The request came from a page of another site.',
    hint: 'Use the dashboard itself, or a script outside the browser.',
  },
  invalid_request: {
    status: 400,
    exit: 2,
    message: 'The request is not valid: {reason}.',
    hint: 'See /api/v1/openapi.json.',
  },
  not_json: {
    status: 415,
    exit: 2,
    message: 'A change is sent as JSON.',
    hint: 'Send it with the header "Content-Type: application/json".',
  },
  not_found: {
    status: 404,
    exit: 2,
    message: 'There is nothing here.',
    hint: 'See /api/v1/openapi.json for what exists.',
  },
  request_timeout: { status: 408, exit: 4, message: 'The request did not arrive in time.', hint: 'Send it again.' },
  headers_too_large: {
    status: 431,
    exit: 2,
    message: 'The headers of the request are too large.',
    hint: 'Send fewer cookies and headers.',
  },
  internal: {
    status: 500,
    exit: 4,
    message: 'Something went wrong inside Guardian.',
    hint: 'Its log says what, under the request id {request}.',
  },
  scan_not_found: { status: 404, exit: 3, message: 'Scan not found', hint: 'See /history for the scans that exist.' },
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

export type ErrorCode = keyof typeof errorTable;

type Placeholders<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
/** The parameters that a code's message and hint name. */
export type ErrorParameters<C extends ErrorCode> = {
  [K in Placeholders<(typeof errorTable)[C]['message']> | Placeholders<(typeof errorTable)[C]['hint']>]:
    | string
    | number;
};

const fill = (template: string, parameters: Record<string, string | number>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));

/** An operational failure that the owner can act on. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';
  readonly code: C;
  readonly status: number;
  readonly exit: ExitCode;
  readonly hint: string;
  readonly parameters: ErrorParameters<C>;

  constructor(code: C, parameters: ErrorParameters<C>, options?: ErrorOptions) {
    const entry: ErrorEntry = errorTable[code];
    super(fill(entry.message, parameters), options);
    this.code = code;
    this.status = entry.status;
    this.exit = entry.exit;
    this.hint = fill(entry.hint, parameters);
    this.parameters = parameters;
  }

  /** What happened, how to mend it, and the code at the end: one line for a terminal or an API answer. */
  toLine(): string {
    return `${this.message} ${this.hint} (${this.code})`;
  }
}
