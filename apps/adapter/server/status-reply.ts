import { type ApiReply } from './call';

/** A failure as `metav1.Status` has it. */
interface Failure {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer that tells a Kubernetes client what went wrong. */
export function statusReply({ code, reason, message, details, headers }: Failure): ApiReply {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details ? { details } : {}),
    code,
  };
  return { status: code, type: 'application/json', body: `${JSON.stringify(status)}\n`, headers };
}

/** The request is not one. */
export function badRequest(message: string): ApiReply {
  return statusReply({ code: 400, reason: 'BadRequest', message });
}

/** Credentials that prove nothing; why is nobody's business. */
export function unauthorized(): ApiReply {
  return statusReply({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

/** As `NewTooManyRequests` of k8s.io/apimachinery: clients wait as long as it says and try again. */
export function tooManyRequests(message: string, retryAfterMs: number): ApiReply {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return statusReply({
    code: 429,
    reason: 'TooManyRequests',
    message,
    details: { retryAfterSeconds: seconds },
    headers: { 'retry-after': String(seconds) },
  });
}

/** As `NewTimeoutError` of k8s.io/apimachinery. */
export function timedOut(): ApiReply {
  return statusReply({
    code: 504,
    reason: 'Timeout',
    message: 'Timeout: request did not complete within the allotted timeout',
    details: {},
  });
}

/** Something in the adapter failed that the client can do nothing about. */
export function internalFailure(message: string): ApiReply {
  return statusReply({ code: 500, reason: 'InternalError', message: `Internal error occurred: ${message}` });
}

/** A part of the request that is larger than the server takes. */
export function tooLarge(code: 413 | 414 | 431, message: string): ApiReply {
  return statusReply({ code, reason: code === 413 ? 'RequestEntityTooLarge' : 'BadRequest', message });
}
