import { type UserInfo } from '../../../core/adapter/api/authorization';
import {
  type Authentication,
  type AuthenticationMethod,
  type Authenticator,
  type Credentials,
  type Recognition,
} from './authentication';
import { type AuthenticationConfigSource } from './authentication-config';
import { recognizeByCertificate } from './client-certificate';
import { type FailureLimiter } from './failure-limiter';
import { recognizeByFrontProxy } from './front-proxy';
import { isOneOf, STANDARD_HEADERS } from './identity-headers';
import { bearerToken, type TokenReviews } from './token-review';

/** Whom an authenticator asks. */
export interface DelegatedAuthenticatorProps {
  readonly config: AuthenticationConfigSource;
  /** Absent: tokens are not looked at. */
  readonly tokens?: TokenReviews | undefined;
  /** Counts failures by address. */
  readonly failures: FailureLimiter;
  /** Time of day in milliseconds since 1970. */
  readonly now: () => number;
}

const ANONYMOUS: Authentication = {
  user: { name: 'system:anonymous', uid: '', groups: ['system:unauthenticated'], extra: {} },
  method: 'anonymous',
};
const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';

/**
 * Recognises who asks as an extension API server does (`DelegatingAuthenticatorConfig` of k8s.io/apiserver): by the
 * front proxy, else by the client's certificate, else by its token. Who offers nothing is anonymous; who offers only
 * what proves nothing is refused.
 */
export class DelegatedAuthenticator implements Authenticator {
  constructor(private readonly props: DelegatedAuthenticatorProps) {}

  authenticate(credentials: Credentials): Authentication | Promise<Authentication> {
    const { config, now } = this.props;
    const { frontProxy, clients } = config.current;
    const causes: string[] = [];
    const proxied = frontProxy && recognizeByFrontProxy(credentials, frontProxy, now());
    if (isUser(proxied)) return recognized(proxied, 'front-proxy');
    if (proxied) causes.push(proxied.cause);
    const certified = clients && recognizeByCertificate(credentials, clients, now());
    if (isUser(certified)) return recognized(certified, 'certificate');
    if (certified) causes.push(certified.cause);
    const { tokens } = this.props;
    const token = bearerToken(credentials.headers);
    return tokens && token !== undefined
      ? this.byToken(credentials, token, tokens, causes)
      : this.unproven(credentials, causes);
  }

  isIdentityHeader(name: string): boolean {
    const { frontProxy } = this.props.config.current;
    return (
      name === 'authorization' ||
      isOneOf(STANDARD_HEADERS, name) ||
      (frontProxy !== undefined && isOneOf(frontProxy.headers, name))
    );
  }

  private async byToken(
    credentials: Credentials,
    token: string,
    tokens: TokenReviews,
    causes: readonly string[],
  ): Promise<Authentication> {
    const known = tokens.known(token);
    if (isUser(known)) return recognized(known, 'token');
    const retryAfterMs = this.props.failures.pauseMs(credentials.peer.address);
    if (retryAfterMs > 0) return { cause: 'too many failures from this address', retryAfterMs };
    if (known) return this.unproven(credentials, [...causes, known.cause]);
    return this.byReview(credentials, token, tokens, causes);
  }

  /** A review counts as a failure until it has proven something: of a thousand tokens at once only so many are sent on. */
  private async byReview(
    credentials: Credentials,
    token: string,
    tokens: TokenReviews,
    causes: readonly string[],
  ): Promise<Authentication> {
    const { failures } = this.props;
    const { peer, gone } = credentials;
    const counted = tokens.isNew(token);
    if (counted) failures.count(peer.address);
    const recognition = await tokens.recognize(token, { client: peer.address, signal: gone.signal });
    const { retryAfterMs } = isUser(recognition) ? {} : recognition;
    if (counted && (isUser(recognition) || retryAfterMs !== undefined)) failures.takeBack(peer.address);
    if (isUser(recognition)) return recognized(recognition, 'token');
    const cause = [...causes, recognition.cause].join('; ');
    if (retryAfterMs !== undefined) return { cause, retryAfterMs };
    return counted ? { cause } : this.unproven(credentials, [cause]);
  }

  private unproven({ peer }: Credentials, causes: readonly string[]): Authentication {
    if (causes.length === 0) return ANONYMOUS;
    const { failures } = this.props;
    const cause = causes.join('; ');
    const retryAfterMs = failures.pauseMs(peer.address);
    if (retryAfterMs > 0) return { cause, retryAfterMs };
    failures.count(peer.address);
    return { cause };
  }
}

function isUser(recognition: Recognition): recognition is UserInfo {
  return recognition !== undefined && 'name' in recognition;
}

/** As `AuthenticatedGroupAdder` of k8s.io/apiserver. */
function recognized(user: UserInfo, method: AuthenticationMethod): Authentication {
  const { name, groups } = user;
  const known = groups.includes(AUTHENTICATED) || groups.includes(UNAUTHENTICATED);
  if (known || name === 'system:anonymous') return { user, method };
  return { user: { ...user, groups: [...groups, AUTHENTICATED] }, method };
}
