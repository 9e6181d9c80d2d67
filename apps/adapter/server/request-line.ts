import { badRequest, headTooLarge, type ApiStatus } from '../../../core/adapter/api';
import { type RequestHeaders } from '../auth';
import { type ServerLimits } from './limits';

/** Headers of which a second one makes the request ambiguous. */
const SINGLE = ['host', 'authorization', 'content-length', 'content-type'] as const;
/** Headers that decide where a request ends or who sent it. Gateways of CGI read `_` as `-`. */
const PROTECTED = new Set<string>([...SINGLE, 'transfer-encoding', 'connection', 'upgrade']);

/**
 * Why a request cannot be taken as it is; `undefined` if it can.
 * @param isIdentityHeader whether a header, in lower case, says who asks
 */
export function screenRequest(
  target: string,
  headers: RequestHeaders,
  limits: ServerLimits,
  isIdentityHeader: (name: string) => boolean,
): ApiStatus | undefined {
  if (target.length > limits.targetBytes) {
    return headTooLarge(414, `the request target has more than ${limits.targetBytes} bytes`);
  }
  for (const name of SINGLE) {
    if (headers.count(name) > 1) return badRequest(`the request has more than one header ${name}`);
  }
  return disguisedHeader(headers, isIdentityHeader);
}

/** `X_Remote_User` is not `X-Remote-User`; a client that sends it hopes that somebody takes it for that. */
function disguisedHeader(
  headers: RequestHeaders,
  isIdentityHeader: (name: string) => boolean,
): ApiStatus | undefined {
  let refusal: ApiStatus | undefined;
  headers.forEach((name) => {
    if (!name.includes('_') || isIdentityHeader(name)) return;
    const meant = name.replaceAll('_', '-');
    if (PROTECTED.has(meant) || isIdentityHeader(meant)) {
      refusal ??= badRequest('the request has a header that looks like another one');
    }
  });
  return refusal;
}
