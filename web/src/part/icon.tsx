/** Bootstrap's icons as masks: they take the colour of the text around them, and are never markup. */

import system from 'bootstrap-icons/icons/activity.svg';
import arrowDown from 'bootstrap-icons/icons/arrow-down.svg';
import arrowDownUp from 'bootstrap-icons/icons/arrow-down-up.svg';
import arrowUp from 'bootstrap-icons/icons/arrow-up.svg';
import check from 'bootstrap-icons/icons/check-circle-fill.svg';
import chevronLeft from 'bootstrap-icons/icons/chevron-left.svg';
import chevronRight from 'bootstrap-icons/icons/chevron-right.svg';
import clock from 'bootstrap-icons/icons/clock-history.svg';
import cpu from 'bootstrap-icons/icons/cpu.svg';
import database from 'bootstrap-icons/icons/database.svg';
import download from 'bootstrap-icons/icons/download.svg';
import medium from 'bootstrap-icons/icons/exclamation-circle.svg';
import critical from 'bootstrap-icons/icons/exclamation-octagon-fill.svg';
import high from 'bootstrap-icons/icons/exclamation-triangle-fill.svg';
import upload from 'bootstrap-icons/icons/file-earmark-arrow-up.svg';
import file from 'bootstrap-icons/icons/file-earmark-binary.svg';
import inbox from 'bootstrap-icons/icons/inbox.svg';
import info from 'bootstrap-icons/icons/info-circle.svg';
import moon from 'bootstrap-icons/icons/moon-stars.svg';
import search from 'bootstrap-icons/icons/search.svg';
import shield from 'bootstrap-icons/icons/shield-check.svg';
import sun from 'bootstrap-icons/icons/sun.svg';
import close from 'bootstrap-icons/icons/x-lg.svg';

const sources = {
  arrowDown,
  arrowDownUp,
  arrowUp,
  check,
  chevronLeft,
  chevronRight,
  clock,
  close,
  cpu,
  critical,
  database,
  download,
  file,
  high,
  inbox,
  info,
  medium,
  moon,
  search,
  shield,
  sun,
  system,
  upload,
};

export type IconName = keyof typeof sources;

/** Decoration: the words beside it say the same. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return <span aria-hidden="true" className={`icon ${className}`} style={{ maskImage: `url("${sources[name]}")` }} />;
}
