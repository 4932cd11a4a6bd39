/** For how long something is hidden. */
export const hideTimes = [
  { name: 'for an hour', seconds: 3600 },
  { name: 'for a day', seconds: 86_400 },
  { name: 'for 30 days', seconds: 30 * 86_400 },
  { name: 'for good', seconds: null },
] as const;

export const FOR_GOOD = hideTimes.length - 1;

/** To the minute, so that what is asked for stays the same while the owner looks at it. */
export const untilOf = (time: number): { until?: number } => {
  const { seconds } = hideTimes[time];
  return seconds === null ? {} : { until: Math.ceil(Date.now() / 60_000) * 60 + seconds };
};
