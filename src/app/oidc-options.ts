/** The settings of the provider with which people sign in, with the secret and the certificate that they name. */
import { readFileSync } from 'node:fs';
import type { OidcOptions } from '../account/oidc/provider.ts';
import type { Settings } from '../config/schema.ts';
import { AppError } from '../errors.ts';

/** Null where none is set. Throws AppError `oidc_bad_setting`. */
export function oidcOptions({ oidc }: Settings, env: Record<string, string | undefined>): OidcOptions | null {
  if (oidc.issuer === '') return null;
  const { issuer, clientSecretFile, ca, ...rest } = oidc;
  const read = (setting: string, file: string): string => {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new AppError(
        'oidc_bad_setting',
        { issuer, reason: `${setting}: ${(error as Error).message}` },
        { cause: error },
      );
    }
  };
  if (oidc.clientId === '') throw new AppError('oidc_bad_setting', { issuer, reason: 'oidc.clientId is empty' });
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
    throw new AppError('oidc_bad_setting', { issuer, reason: 'it has to be https, or on this machine' });
  }
  return {
    ...rest,
    issuer,
    clientSecret:
      clientSecretFile === '' ? (env.OIDC_CLIENT_SECRET ?? '') : read('oidc.clientSecretFile', clientSecretFile),
    ca: ca === '' ? undefined : read('oidc.ca', ca),
  };
}
