/** What the owner has made of an alert: nothing yet, it is looked after, or it is how it should be. */
export const alertStatuses = ['open', 'acknowledged', 'expected'] as const;
export type AlertStatus = (typeof alertStatuses)[number];
