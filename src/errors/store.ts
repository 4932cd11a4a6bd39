/** The database. */
import type { ErrorEntry } from './entry.ts';

export const storeErrors = {
  data_in_use: {
    status: 503,
    exit: 4,
    message: 'Another Guardian{process} is running on {file}.',
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
  database_too_old: {
    status: 503,
    exit: 4,
    message: 'PostgreSQL {version} is too old.',
    hint: 'Guardian needs PostgreSQL 15 or newer; nothing was changed.',
  },
  database_damaged: {
    status: 503,
    exit: 4,
    message: 'The database {file} is damaged: {reason}.',
    hint: 'Look at the disk. Restarting Guardian puts the damaged file aside; "guardian restore" takes an older backup.',
  },
  nothing_to_back_up: {
    status: 404,
    exit: 4,
    message: 'There is no database in {directory}.',
    hint: 'Name the data folder with --data DIR; "guardian config" shows which one is used.',
  },
  bad_backup: {
    status: 400,
    exit: 3,
    message: '{file} cannot be restored: {reason}.',
    hint: 'Take another backup; nothing was changed.',
  },
  store_not_empty: {
    status: 409,
    exit: 4,
    message: 'The database to copy into is not empty: {table} has rows.',
    hint: 'Give an empty one; nothing was changed.',
  },
  copy_differs: {
    status: 503,
    exit: 4,
    message: 'The copy of {table} differs: {rows} rows were read, {copied} are there.',
    hint: 'Copy again into an empty database; the one that was read is as it was.',
  },
  no_history: {
    status: 404,
    exit: 4,
    message: 'No history of connections is kept.',
    hint: 'Set retention.flowMegabytes above 0, and restart Guardian.',
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
