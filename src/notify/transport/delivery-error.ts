/** Why an attempt failed, and whether another one makes sense. */
import { AppError, type ErrorParameters } from '../../errors.ts';

export type DeliveryCode =
  | 'delivery_refused'
  | 'delivery_unreachable'
  | 'delivery_timeout'
  | 'delivery_untrusted'
  | 'target_refused'
  | 'target_forbidden';

/**
 * Who has to change for another attempt to succeed: the receiver (it is down, overloaded), the settings (a wrong
 * address or secret), or the message, which then is a dead letter at once.
 */
export type Blame = 'receiver' | 'settings' | 'message';

interface Advice extends ErrorOptions {
  blame?: Blame;
  /** What the receiver asked for. */
  retryAfterMs?: number | null;
}

export class DeliveryError<C extends DeliveryCode = DeliveryCode> extends AppError<C> {
  readonly blame: Blame;
  readonly retryAfterMs: number | null;

  constructor(code: C, parameters: ErrorParameters<C>, { blame = 'receiver', retryAfterMs, cause }: Advice = {}) {
    super(code, parameters, { cause });
    this.blame = blame;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

/** Codes of the network and of TLS in words. */
const networkReasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'its name is not known',
  EDNS: 'its name is not known',
  EAI_AGAIN: 'the name server does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it does not answer',
};
const certificateReasons: Record<string, string> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is unknown',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is unknown',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};

const BROKEN_TLS = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/;

interface Wrapped {
  code?: string;
  originalCode?: string;
  errors?: unknown[];
  cause?: unknown;
}

/** A failed connection to `target` as an error of ours; what already is one passes. */
export function toDeliveryError(error: unknown, target: string): AppError {
  if (error instanceof AppError) return error;
  // Happy eyeballs gather one error per address; a library may wrap the one of the socket or keep its code aside.
  const { code = '', originalCode, errors, cause } = error as Wrapped;
  const codes = [code, originalCode, ...[cause, ...(errors ?? [])].map((one) => (one as Wrapped | undefined)?.code)];
  const known =
    codes.find((one) => one && (one in networkReasons || one in certificateReasons || BROKEN_TLS.test(one))) ?? code;
  if (known in certificateReasons) {
    return new DeliveryError(
      'delivery_untrusted',
      { target, reason: certificateReasons[known] },
      { blame: 'settings', cause: error },
    );
  }
  const reason = BROKEN_TLS.test(known) ? 'it speaks no TLS that is safe' : networkReasons[known];
  return new DeliveryError(
    'delivery_unreachable',
    { target, reason: reason ?? 'the connection failed' },
    { cause: error },
  );
}
