/** `concurrency-run.ts FILE SHARE PACKETS [CEILING]`: one run over a capture of which SHARE only opens connections. */
import { flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';

const [file, share, packets, ceiling] = process.argv.slice(2);
/** Microseconds of processor time: what else the machine does has less of a say. */
const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

let connections = 0;
let began = 0;
let ended = 0;
let taken = 0;
let rssBytes = 0;
const stats = await flowsFromCapture(
  file,
  {
    ignoreChecksums: true,
    maxConnections: ceiling === undefined ? undefined : Number(ceiling),
    // Called after every block that was read; the end of the last one comes before connections are reported.
    onProgress(read) {
      if (read < Number(share)) return;
      ended = spent();
      if (began === 0) {
        began = ended;
        taken = read;
      }
      if (read === 1) rssBytes = process.memoryUsage.rss();
    },
  },
  () => connections++,
);
const measured = (Number(packets) * (1 - taken)) / (1 - Number(share));
const packetsPerSecond = (1e6 * measured) / (ended - began);
process.stdout.write(JSON.stringify({ packetsPerSecond, rssBytes, connections, evicted: stats.evictedEmergency }));
