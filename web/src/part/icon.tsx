/** Bootstrap's icons as masks: they take the colour of the text around them, and are never markup. */

import system from 'bootstrap-icons/icons/activity.svg';
import arrowDown from 'bootstrap-icons/icons/arrow-down.svg';
import arrowDownUp from 'bootstrap-icons/icons/arrow-down-up.svg';
import arrowUp from 'bootstrap-icons/icons/arrow-up.svg';
import bell from 'bootstrap-icons/icons/bell.svg';
import bellOff from 'bootstrap-icons/icons/bell-slash.svg';
import live from 'bootstrap-icons/icons/broadcast.svg';
import chat from 'bootstrap-icons/icons/chat-dots.svg';
import check from 'bootstrap-icons/icons/check-circle-fill.svg';
import chevronLeft from 'bootstrap-icons/icons/chevron-left.svg';
import chevronRight from 'bootstrap-icons/icons/chevron-right.svg';
import clock from 'bootstrap-icons/icons/clock-history.svg';
import cpu from 'bootstrap-icons/icons/cpu.svg';
import database from 'bootstrap-icons/icons/database.svg';
import download from 'bootstrap-icons/icons/download.svg';
import mail from 'bootstrap-icons/icons/envelope.svg';
import medium from 'bootstrap-icons/icons/exclamation-circle.svg';
import critical from 'bootstrap-icons/icons/exclamation-octagon-fill.svg';
import high from 'bootstrap-icons/icons/exclamation-triangle-fill.svg';
import watching from 'bootstrap-icons/icons/eye-fill.svg';
import blind from 'bootstrap-icons/icons/eye-slash-fill.svg';
import upload from 'bootstrap-icons/icons/file-earmark-arrow-up.svg';
import file from 'bootstrap-icons/icons/file-earmark-binary.svg';
import devices from 'bootstrap-icons/icons/hdd-network.svg';
import waiting from 'bootstrap-icons/icons/hourglass-split.svg';
import house from 'bootstrap-icons/icons/house-door.svg';
import inbox from 'bootstrap-icons/icons/inbox.svg';
import info from 'bootstrap-icons/icons/info-circle.svg';
import link from 'bootstrap-icons/icons/link-45deg.svg';
import moon from 'bootstrap-icons/icons/moon-stars.svg';
import learning from 'bootstrap-icons/icons/mortarboard.svg';
import pencil from 'bootstrap-icons/icons/pencil.svg';
import person from 'bootstrap-icons/icons/person.svg';
import personCheck from 'bootstrap-icons/icons/person-check.svg';
import play from 'bootstrap-icons/icons/play-fill.svg';
import off from 'bootstrap-icons/icons/power.svg';
import search from 'bootstrap-icons/icons/search.svg';
import shield from 'bootstrap-icons/icons/shield-check.svg';
import stop from 'bootstrap-icons/icons/stop-fill.svg';
import sun from 'bootstrap-icons/icons/sun.svg';
import more from 'bootstrap-icons/icons/three-dots.svg';
import trash from 'bootstrap-icons/icons/trash.svg';
import close from 'bootstrap-icons/icons/x-lg.svg';

const sources = {
  arrowDown,
  arrowDownUp,
  arrowUp,
  bell,
  bellOff,
  blind,
  chat,
  check,
  chevronLeft,
  chevronRight,
  clock,
  close,
  cpu,
  critical,
  database,
  devices,
  download,
  file,
  high,
  house,
  inbox,
  info,
  learning,
  link,
  live,
  mail,
  medium,
  moon,
  more,
  off,
  pencil,
  person,
  personCheck,
  play,
  search,
  shield,
  stop,
  sun,
  system,
  trash,
  upload,
  waiting,
  watching,
};

export type IconName = keyof typeof sources;

/** Decoration: the words beside it say the same. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return <Mask source={sources[name]} className={className} />;
}

export function Mask({ source, className = '' }: { source: string; className?: string }) {
  return <span aria-hidden="true" className={`icon ${className}`} style={{ maskImage: `url("${source}")` }} />;
}
