/** Where a service has what. systemd makes and owns the folders of state and cache. */
import path from 'node:path';

export const SERVER_USER = 'guardian';
export const CAPTURE_USER = 'guardian-capture';
export const STATE = '/var/lib/home-iot-guardian';
export const CACHE = '/var/cache/home-iot-guardian';
/** guardian.yaml and what `guardian service install` was told. */
export const CONFIGURATION = '/etc/home-iot-guardian';
export const SOCKET = '/run/guardian-capture.sock';
/** What the capture service watches, in the form of systemd's EnvironmentFile. */
export const CAPTURE_FILE = path.join(CONFIGURATION, 'capture.env');
/** What the server is started with. */
export const SERVER_FILE = path.join(CONFIGURATION, 'guardian.env');
export const unitNames = ['guardian.service', 'guardian-capture.socket', 'guardian-capture@.service'] as const;
export type UnitName = (typeof unitNames)[number];
