/** The wire: everything that the dashboard and scripts see. The only file of src/ that web/ imports. */
export * from './contract/account.ts';
export * from './contract/alert.ts';
export * from './contract/device.ts';
export * from './contract/error.ts';
export * from './contract/event.ts';
export * from './contract/flow.ts';
export * from './contract/monitor.ts';
export * from './contract/notification.ts';
export * from './contract/oidc.ts';
export * from './contract/reach.ts';
export * from './contract/scan.ts';
export * from './contract/severity.ts';
