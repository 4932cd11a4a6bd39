/** The database. */
import type { ErrorEntry } from './entry.ts';

export const storeErrors = {
  data_in_use: {
    status: 503,
    exit: 4,
    message: 'Another Guardian is running on {file}.',
    hint: 'Stop it, or choose another data folder with --data DIR.',
  },
  data_not_ours: {
    status: 503,
    exit: 4,
    message: 'The data folder {directory} holds something that is not from Guardian: {what}.',
    hint: 'Choose an empty folder, or one that Guardian made, with --data DIR; nothing in this one was changed.',
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
} as const satisfies Record<string, ErrorEntry>;
