/** The owner's word on an alert: none yet, it is looked after, or it is how it should be. */
export const alertStatuses = ['open', 'acknowledged', 'expected'] as const;
export type AlertStatus = (typeof alertStatuses)[number];
