/** Several houses and their hub. */
import type { ErrorEntry } from './entry.ts';

export const fleetErrors = {
  hub_database: {
    status: 503,
    exit: 4,
    message: 'The database of the hub cannot be used: {reason}.',
    hint: 'Give a PostgreSQL database that this user may create tables in: --database postgres://user:password@host/name.',
  },
  hub_role: {
    status: 503,
    exit: 4,
    message: 'The hub would use the database as a superuser, for whom the walls between tenants do not stand.',
    hint: "Make a user for it: CREATE ROLE guardian LOGIN PASSWORD '…'; CREATE DATABASE guardian OWNER guardian;",
  },
  broker_unreachable: {
    status: 503,
    exit: 4,
    message: 'The broker at {server} cannot be used: {reason}.',
    hint: 'See that nats-server runs there with JetStream, and that its authority is given with --ca FILE where it uses TLS.',
  },
  broker_without_tls: {
    status: 400,
    exit: 2,
    message: 'Without TLS anybody on the way to {server} could read and change what is sent.',
    hint: "Give the authority of the broker's certificate with --ca FILE; without TLS only a broker on this machine is used.",
  },
  join_refused: {
    status: 403,
    exit: 4,
    message: 'The hub did not let this house join: {reason}.',
    hint: 'Ask for a new code, made with "guardian fleet code"; each works once, for an hour.',
  },
  already_joined: {
    status: 409,
    exit: 2,
    message: 'This house belongs to the hub at {server} already.',
    hint: 'Leave it first with "guardian leave"; what still waits for it is then gone.',
  },
  not_joined: {
    status: 404,
    exit: 2,
    message: 'This house belongs to no hub.',
    hint: 'Join one with "guardian join nats://HOST:4222 --code CODE".',
  },
  bad_tenant: {
    status: 400,
    exit: 2,
    message: '"{tenant}" cannot be the name of a tenant.',
    hint: 'Use up to 32 small letters and digits.',
  },
  sensor_not_found: {
    status: 404,
    exit: 2,
    message: 'No house of the name {sensor} has joined.',
    hint: '"guardian fleet sites" lists them.',
  },
} as const satisfies Record<string, ErrorEntry>;
