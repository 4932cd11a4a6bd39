/** Said wherever a password is chosen; src/account/password.ts enforces it. */
export const PASSWORD_RULE = 'Ten characters or more. Four words that do not belong together are good.';
