/**
 * How little a label looks like a word: log-likelihood of its letter pairs under uniform chance against that under
 * ordinary names. The pair statistics are those of a few dozen words that names are made of, smoothed.
 */

// Device, vendor and web words: enough to know that "qz" is rare and "er" is not.
const WORDS = `google amazon apple microsoft facebook netflix youtube spotify samsung philips xiaomi tuya smart home
camera light bulb plug sensor thermostat doorbell speaker display remote control update firmware download upload
server service device cloud storage connect connection network internet wireless router gateway bridge system static
content delivery images media video audio music stream player radio weather time clock pool measure metrics analytics
telemetry tracking events report collector logging error crash monitor status health check alive register login account
secure identity token access portal manage support help center online shop store market search engine browser mail
message notify push chat voice phone mobile android windows linux ubuntu debian fedora python script code version test
stage production develop release mirror package public private local global world europe america asia north south east
west central region zone data base query graph table cache memory front back edge node cluster resolver name domain
host address location maps travel hotel flight ticket event news paper sport football game play kids family garden
kitchen coffee water heating energy power solar battery charge car auto motor bike train city street house living room
bath bed door window lock alarm security guard watch vision signal wave sound blue green red white black orange silver
gold star moon sun sky river mountain forest animal dog cat bird fish horse lion tiger eagle dragon magic power`;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-';
const SIZE = LETTERS.length;
const SMOOTHING = 0.5;

const pairs = new Float64Array(SIZE * SIZE).fill(SMOOTHING);
const totals = new Float64Array(SIZE).fill(SMOOTHING * SIZE);
for (const word of WORDS.split(/\s+/)) {
  for (let i = 0; i + 1 < word.length; i++) {
    const [a, b] = [LETTERS.indexOf(word[i]), LETTERS.indexOf(word[i + 1])];
    pairs[a * SIZE + b]++;
    totals[a]++;
  }
}

/** Positive where chance explains the label better than language does; nats per letter pair. */
export function nameOddity(label: string): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i + 1 < label.length; i++) {
    const [a, b] = [LETTERS.indexOf(label[i]), LETTERS.indexOf(label[i + 1])];
    if (a < 0 || b < 0) continue;
    sum += Math.log(1 / 26) - Math.log(pairs[a * SIZE + b] / totals[a]);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
