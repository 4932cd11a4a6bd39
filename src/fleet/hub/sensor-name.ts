/**
 * The name of a house begins with that of its tenant, so that whose rows a message may touch is known before any row is
 * read. The hub gives the names, and the broker holds each house to its own.
 */
import { randomBytes } from 'node:crypto';

export const TENANT = /^[a-z0-9]{1,32}$/;
const NAME = /^([a-z0-9]{1,32})-([0-9a-f]{16})$/;

export const newSensorName = (tenant: string): string => `${tenant}-${randomBytes(8).toString('hex')}`;

/** A tenant that nobody is, where the name is not one that a hub gave. */
export const tenantOf = (sensor: string): string => NAME.exec(sensor)?.[1] ?? '';
