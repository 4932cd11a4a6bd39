/** Channels of notifications. */
import type { ErrorEntry } from './entry.ts';

export const notifyErrors = {
  delivery_refused: {
    status: 502,
    exit: 4,
    message: '{target} refused the message: {reason}.',
    hint: 'Check the settings of the channel, above all its address and its secret.',
  },
  delivery_unreachable: {
    status: 502,
    exit: 4,
    message: '{target} cannot be reached: {reason}.',
    hint: 'Check its address and that this machine may reach it.',
  },
  delivery_timeout: {
    status: 504,
    exit: 4,
    message: '{target} did not take the message within {seconds} seconds.',
    hint: 'Check that it runs and that no firewall swallows the connection.',
  },
  delivery_untrusted: {
    status: 502,
    exit: 4,
    message: 'The certificate of {target} is not trusted: {reason}.',
    hint: 'If it is your own server, put the certificate of its authority into the setting "ca" of the channel.',
  },
  target_refused: {
    status: 400,
    exit: 2,
    message: 'Notifications may not be sent to {target}: {reason}.',
    hint: 'If it is a machine of yours, allow its address: on the page with "Allow this address", in guardian.yaml with notifications.lanTargets.',
  },
  target_forbidden: {
    status: 400,
    exit: 2,
    message: 'Notifications may not be sent to {target}: {reason}.',
    hint: 'Give the channel another address; no setting allows this one.',
  },
  secret_missing: {
    status: 400,
    exit: 2,
    message: 'There is no secret in {origin}.',
    hint: 'Set the environment variable, mend the file or enter the secret in the settings of the channel.',
  },
  secret_unreadable: {
    status: 503,
    exit: 4,
    message: 'A stored secret cannot be opened: {reason}.',
    hint: 'Restore the key file that belongs to the database, or enter the secret again.',
  },
  channel_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no notification channel "{name}".',
    hint: 'There are: {known}.',
  },
  channel_not_here: {
    status: 409,
    exit: 2,
    message: 'The channel "{name}" is set in {origin}.',
    hint: 'Change it there and start Guardian again, or give the new channel another name.',
  },
  channel_in_use: {
    status: 409,
    exit: 2,
    message: 'The rule "{rule}" names the channel "{name}".',
    hint: 'Take the channel out of the rule first.',
  },
  rules_not_here: {
    status: 409,
    exit: 2,
    message: 'The rules of notifications are set in guardian.yaml.',
    hint: 'Change them there and start Guardian again.',
  },
  invalid_fields: {
    status: 400,
    exit: 2,
    message: 'This cannot be kept: {reason}.',
    hint: 'Change what is named and try again.',
  },
  delivery_not_found: {
    status: 404,
    exit: 2,
    message: 'There is no such delivery, or it is still on its way.',
    hint: 'See the delivery log for what can be sent again.',
  },
} as const satisfies Record<string, ErrorEntry>;
