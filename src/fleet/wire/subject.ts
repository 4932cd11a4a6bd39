/**
 * The subjects of the fleet. They are few: a broker pays for each. A house may publish under its own name and hear what
 * is for it alone; that the broker holds, so the name in a subject is proof of who sent.
 */
import type { Lane } from '../../store/uplink/tables.ts';

export const streamOf = (lane: Lane): string => `GUARDIAN_${lane.toUpperCase()}`;
export const laneSubject = (sensor: string, lane: Lane): string => `g1.up.${lane}.${sensor}`;
export const laneSubjects = (lane: Lane): string => `g1.up.${lane}.*`;
/** The hub tells a house how far its database has come. */
export const cursorSubject = (sensor: string): string => `g1.cursor.${sensor}`;
/** A house asks for it. */
export const askSubject = (sensor: string): string => `g1.ask.${sensor}`;
export const askSubjects = 'g1.ask.*';
/** Whoever has a join code, and nothing else, may speak here. */
export const joinSubject = 'g1.join';
export const JOIN_USER = 'guardian-join';
/** Answers come back under a prefix that nobody else may hear. */
export const inboxOf = (sensor: string): string => `_INBOX_${sensor}`;
export const joinInbox = '_INBOX_join';

/** The house that a message comes from. */
export const sensorOf = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);
