/** Notifies the owner that a damaged database was put aside, and where it lies. */
import path from 'node:path';
import type { Notice } from '../notify/notifier.ts';

export const quarantineNotice = (file: string): Notice => ({
  id: `quarantine ${path.basename(file)}`,
  severity: 'High',
  title: 'Guardian: its database was damaged',
  sentence: `The database of Guardian was damaged; an empty one has taken its place, and the damaged one lies in ${file}.`,
  meaning:
    'A failing disk or SD card does that. Earlier scans, alerts, hidden alerts and settings made on the page are gone from the page.',
  advice: [
    'Look at the disk: a damaged SD card should be replaced before it takes more.',
    'Set up notification channels and hidden alerts again.',
  ],
});

export const historyNotice = (file: string): Notice => ({
  id: `quarantine ${path.basename(file)}`,
  severity: 'Medium',
  title: 'Guardian: its history of connections was damaged',
  sentence: `The history of connections was damaged; a new one was begun, and the damaged one lies in ${file}.`,
  meaning:
    'A failing disk or SD card does that, or a power cut. Alerts, devices and settings are in another file and are not touched.',
  advice: ['Look at the disk: a damaged SD card should be replaced before it takes more.'],
});
