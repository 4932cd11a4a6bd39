/** Errors of input files: captures, logs, and what they are packed in. */
import type { ErrorEntry } from './entry.ts';

export const inputErrors = {
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
  // captures
  capture_corrupt: {
    status: 422,
    exit: 3,
    message: '"{file}" is damaged at byte {offset} ({what}), before its first packet.',
    hint: 'Capture again, or repair the file with a capture editor.',
  },
  all_left_out: {
    status: 422,
    exit: 3,
    message: 'Nothing of "{file}" could be used: all of its {records} records were left out ({reason}).',
    hint: 'Look at what wrote the file; --stats counts every reason.',
  },
  unsupported_linktype: {
    status: 422,
    exit: 3,
    message: '"{file}" has link type {linktype}, which cannot be decoded.',
    hint: 'Capture on an interface of one of these link types: {supported}.',
  },
  labels_unfit: {
    status: 422,
    exit: 3,
    message: 'The labels in "{file}" cannot be used: {reason}.',
    hint: '{expected}',
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
    hint: 'Unpack and split it, or scan it on the machine itself: "guardian scan --help" says how.',
  },
  too_much_memory: {
    status: 413,
    exit: 3,
    message: '"{file}" needs more than {limit} of memory to be analysed.',
    hint: 'Split it, or scan it on the machine itself: "guardian scan --help" says how.',
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
    message: '"{file}" begins like NetFlow, IPFIX or sFlow, but no message can be read at byte {offset}.',
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
} as const satisfies Record<string, ErrorEntry>;
