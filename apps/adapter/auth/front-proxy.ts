import { type UserInfo } from '../../../core/adapter/api/authorization';
import { type Credentials, type Recognition } from './authentication';
import { allValues, extraOf, firstValue, type IdentityHeaders } from './identity-headers';
import { type RequestHeaders } from './request-headers';
import { type TrustRoots } from './trust-roots';

/** Whose word is taken for who somebody else is: the aggregator's. */
export interface FrontProxyTrust {
  readonly roots: TrustRoots;
  /** Common names of its certificate; none: any that the roots vouch for. */
  readonly allowedNames: readonly string[];
  readonly headers: IdentityHeaders;
}

/** Whom the front proxy names, if it is the front proxy. The headers are not looked at before that is known. */
export function recognizeByFrontProxy(
  { peer, headers }: Credentials,
  { roots, allowedNames, headers: names }: FrontProxyTrust,
  nowMs: number,
): Recognition {
  if (peer.certificates.length === 0) return undefined;
  const verdict = roots.verify(peer, nowMs);
  if (!verdict.valid) return { cause: `not the front proxy: ${verdict.cause}` };
  const { commonName } = verdict.certificate;
  if (allowedNames.length > 0 && !allowedNames.includes(commonName)) {
    return { cause: `not the front proxy: the name "${commonName}" is not allowed` };
  }
  return namedUser(headers, names);
}

function namedUser(headers: RequestHeaders, names: IdentityHeaders): UserInfo | Recognition {
  for (const name of [...names.usernames, ...names.uids]) {
    if (headers.count(name) > 1) return { cause: `the front proxy sent the header ${name} more than once` };
  }
  const name = firstValue(headers, names.usernames);
  if (name === '') return undefined;
  return {
    name,
    uid: firstValue(headers, names.uids),
    groups: allValues(headers, names.groups),
    extra: extraOf(headers, names.extraPrefixes),
  };
}
