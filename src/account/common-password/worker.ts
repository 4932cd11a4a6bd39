/** The thread that knows the passwords which are tried first everywhere: 20 MB that are gone once it has answered. */
import { parentPort, workerData } from 'node:worker_threads';
import { dictionary } from '@zxcvbn-ts/language-common';

const common = dictionary['passwords-common'] as readonly string[];
parentPort!.postMessage(common.includes(workerData as string));
