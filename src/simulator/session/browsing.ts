/** What people do on phones, laptops and televisions: pages with their third parties, feeds, videos. */
import type { Actor } from '../engine/actor.ts';
import type { Random } from '../engine/random.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import type { ClientProfileName } from '../wire/application/tls.ts';
import { openWeb } from './web.ts';

const POPULAR = [
  'www.google.com',
  'www.youtube.com',
  'www.facebook.com',
  'www.instagram.com',
  'www.wikipedia.org',
  'www.amazon.com',
  'www.reddit.com',
  'x.com',
  'www.netflix.com',
  'web.whatsapp.com',
  'www.linkedin.com',
  'www.bbc.co.uk',
  'www.nytimes.com',
  'www.theguardian.com',
  'www.ebay.com',
  'www.booking.com',
  'www.espn.com',
  'github.com',
  'stackoverflow.com',
  'www.spiegel.de',
  'www.zalando.com',
  'www.ikea.com',
  'www.paypal.com',
  'www.weather.com',
  'www.imdb.com',
  'www.tiktok.com',
  'www.pinterest.com',
  'outlook.live.com',
  'www.airbnb.com',
  'www.aldi.com',
];
const THIRD_PARTIES = [
  'www.googletagmanager.com',
  'fonts.gstatic.com',
  'fonts.googleapis.com',
  'securepubads.g.doubleclick.net',
  'cdn.jsdelivr.net',
  'connect.facebook.net',
  'static.cloudflareinsights.com',
  'cdn.cookielaw.org',
  'ajax.googleapis.com',
  'c.amazon-adsystem.com',
  'ib.adnxs.com',
  'sb.scorecardresearch.com',
  'cdnjs.cloudflare.com',
  'js.hs-scripts.com',
  'static.chartbeat.com',
  'api.segment.io',
  'browser.sentry-cdn.com',
  'cdn.taboola.com',
];
const WORDS = [
  'green',
  'valley',
  'river',
  'stone',
  'happy',
  'garden',
  'baker',
  'music',
  'travel',
  'photo',
  'city',
  'north',
  'bike',
  'coffee',
  'home',
  'school',
  'craft',
  'blue',
  'market',
  'sport',
  'kitchen',
  'book',
  'light',
  'forest',
];
const ENDINGS = ['com', 'org', 'net', 'de', 'co.uk', 'io', 'eu'];

/** The sites that a person returns to (Zipf), with new ones among them: half of all names are seen once. */
export function pickSite(random: Random, favourites: readonly string[]): string {
  if (random.bool(0.82)) return favourites[Math.min(favourites.length - 1, Math.floor(random.exponential(5)))]!;
  return `www.${random.pick(WORDS)}${random.bool(0.4) ? '-' : ''}${random.pick(WORDS)}.${random.pick(ENDINGS)}`;
}

export function createFavourites(random: Random): string[] {
  const sites = [...POPULAR];
  for (let i = sites.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [sites[i], sites[j]] = [sites[j]!, sites[i]!];
  }
  return sites.slice(0, 20);
}

/** One page: the document, then its parts from several hosts at once. */
export function* visitPage(actor: Actor, site: string, profile: ClientProfileName): Process {
  const { random } = actor;
  const session = yield* openWeb(actor, site, { profile, resume: 0.5 });
  if (session === null) return;
  yield* session.exchange(random.size(650, 0.3), random.size(28_000, 0.9), random.logNormal(0.08, 0.6));
  const parties = Math.min(14, Math.floor(random.logNormal(4, 0.8)));
  for (let i = 0; i < parties; i++) {
    const party = random.bool(0.75) ? random.pick(THIRD_PARTIES) : `cdn${random.int(1, 4)}.${site.replace('www.', '')}`;
    actor.spawn(fetchParts(actor, party, profile, random.int(1, 4)), random.exponential(0.25));
  }
  const own = random.int(0, 6);
  for (let i = 0; i < own; i++) {
    yield* session.exchange(random.size(450, 0.3), random.size(16_000, 1.1));
    yield* session.pause(random.exponential(0.4));
  }
  yield* session.pause(random.exponential(12));
  yield* session.close(random.bool(0.7) ? 0 : 1);
}

function* fetchParts(actor: Actor, name: string, profile: ClientProfileName, count: number): Process {
  const { random } = actor;
  const session = yield* openWeb(actor, name, { profile, resume: 0.6 });
  if (session === null) return;
  for (let i = 0; i < count; i++) {
    yield* session.exchange(random.size(420, 0.4), random.size(9_000, 1.3));
    yield* session.pause(random.exponential(0.6));
  }
  yield* session.pause(random.exponential(25));
  yield* session.close(random.bool(0.5) ? 0 : 1);
}

/** Reading: page after page with reading times between. */
export function* browse(actor: Actor, favourites: readonly string[], profile: ClientProfileName): Process {
  const { random } = actor;
  const pages = 1 + Math.floor(random.exponential(5));
  for (let i = 0; i < pages; i++) {
    const site = pickSite(random, favourites);
    const clicks = 1 + Math.floor(random.exponential(1.5));
    for (let click = 0; click < clicks; click++) {
      yield* visitPage(actor, site, profile);
      yield random.logNormal(18, 0.9) * SECOND;
    }
  }
}

export interface VideoOptions {
  /** Where the pieces come from. */
  names: readonly string[];
  profile: ClientProfileName;
  minutes: number;
  /** What the picture needs; the home's `bulk` factor applies. */
  megabitsPerSecond: number;
}

/** Adaptive streaming: a piece every few seconds, the first ones at once, a new connection now and then. */
export function* watchVideo(actor: Actor, { names, profile, minutes, megabitsPerSecond }: VideoOptions): Process {
  const { random, home } = actor;
  const pieceSeconds = random.pick([4, 5, 6, 10]);
  const rate = random.logNormal(megabitsPerSecond, 0.35);
  const end = actor.now + minutes * 60 * SECOND;
  let buffered = 0;
  while (actor.now < end) {
    const session = yield* openWeb(actor, random.pick(names), { profile });
    if (session === null) return;
    const pieces = random.int(20, 120);
    for (let i = 0; i < pieces && actor.now < end && session.open; i++) {
      const began = actor.now;
      const bytes = (rate * 125_000 * pieceSeconds * home.bulk) | 0;
      yield* session.exchange(random.size(700, 0.1), random.size(bytes, 0.3));
      buffered += pieceSeconds - (actor.now - began) / SECOND;
      if (buffered > 30) {
        yield* session.pause(buffered - 30);
        buffered = 30;
      }
    }
    yield* session.close(random.bool(0.5) ? 0 : 1);
  }
}
