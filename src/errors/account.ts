/** Accounts: signing in, rights, tokens. */
import type { ErrorEntry } from './entry.ts';

export const accountErrors = {
  sign_in_required: {
    status: 401,
    exit: 4,
    message: 'Nobody is signed in.',
    hint: 'Sign in on the page, or send a token: Authorization: Bearer TOKEN. "guardian user" on the machine helps those who are locked out.',
  },
  not_permitted: {
    status: 403,
    exit: 4,
    message: 'This needs {needed}.',
    hint: 'Ask an administrator of this Guardian, or use a token with that scope.',
  },
  bad_credentials: {
    status: 401,
    exit: 4,
    message: 'The e-mail address or the password is wrong.',
    hint: 'Try again. When the password is lost, run "guardian user reset-password ADDRESS" on the machine.',
  },
  wrong_password: {
    status: 403,
    exit: 4,
    message: 'The password is wrong.',
    hint: 'Try again. When it is lost, run "guardian user reset-password ADDRESS" on the machine.',
  },
  bad_code: {
    status: 401,
    exit: 4,
    message: 'The code is wrong, or was used already.',
    hint: 'Take the one that the authenticator shows now, and check that the clocks of both devices are right.',
  },
  no_code_wanted: {
    status: 401,
    exit: 4,
    message: 'The time for the code is over.',
    hint: 'Sign in again with the password.',
  },
  too_many_attempts: {
    status: 429,
    exit: 4,
    message: 'Too many wrong attempts from here.',
    hint: 'Wait {minutes} minutes, or run "guardian user reset-password ADDRESS" on the machine and restart Guardian.',
  },
  two_factor_state: {
    status: 409,
    exit: 2,
    message: 'The authenticator is in that state already.',
    hint: 'Load the page again to see how it is.',
  },
  weak_password: {
    status: 422,
    exit: 3,
    message: 'The password is too easy to guess: {reason}.',
    hint: 'Choose one of ten characters or more, such as four words that do not belong together.',
  },
  set_up_done: {
    status: 409,
    exit: 2,
    message: 'This Guardian is set up already.',
    hint: 'Sign in. When nobody can, run "guardian user reset-password ADDRESS" or "guardian user add" on the machine.',
  },
  set_up_link_wrong: {
    status: 403,
    exit: 4,
    message: 'This set-up link is not the one that Guardian has made.',
    hint: 'Open the newest link, or run "guardian user setup-link" on the machine for another.',
  },
  set_up_link_expired: {
    status: 403,
    exit: 4,
    message: 'This set-up link is older than an hour.',
    hint: 'Run "guardian user setup-link" on the machine for another.',
  },
  user_not_found: {
    status: 404,
    exit: 3,
    message: 'There is no such account.',
    hint: '"guardian user list" and the page of accounts show those that exist.',
  },
  user_exists: {
    status: 409,
    exit: 2,
    message: 'There is an account with this e-mail address already.',
    hint: 'Use another address, or change the account that exists.',
  },
  last_admin: {
    status: 409,
    exit: 2,
    message: 'This is the only administrator who can sign in.',
    hint: 'Make somebody else an administrator first.',
  },
  session_not_found: {
    status: 404,
    exit: 3,
    message: 'There is no such session.',
    hint: 'It has ended already; load the page again.',
  },
  token_not_found: {
    status: 404,
    exit: 3,
    message: 'There is no such token.',
    hint: 'It was revoked already; load the page again.',
  },
  token_too_wide: {
    status: 403,
    exit: 4,
    message: 'A token cannot do more than its owner: "{scope}" is beyond this account.',
    hint: 'Choose fewer scopes, or ask an administrator for the role.',
  },
} as const satisfies Record<string, ErrorEntry>;
