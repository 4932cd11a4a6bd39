/** Programs that a suite starts: with CI set they must be there, elsewhere the suite is skipped and says what is missing. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(':')
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));

/** Debian keeps the server's programs apart, a folder for each version. */
const postgresFolders = [17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin`);

export const natsServer: string | undefined = onPath('nats-server');
export const postgresFolder: string | undefined = postgresFolders.find((folder) => existsSync(`${folder}/initdb`));

/** Null where both are there. */
export const missingFleet: string | null =
  natsServer === undefined ? 'nats-server' : postgresFolder === undefined ? 'postgresql' : null;
