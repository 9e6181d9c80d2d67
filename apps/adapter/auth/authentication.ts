import { type UserInfo } from '../../../core/adapter/api/authorization';
import { type Peer } from './peer';
import { type RequestHeaders } from './request-headers';

/** What there is to find out from who sent a request. */
export interface Credentials {
  readonly peer: Peer;
  readonly headers: RequestHeaders;
  /** Aborted when nobody waits for the answer any more; made only if it is asked for. */
  readonly gone: { readonly signal: AbortSignal };
}

/** How somebody was recognised. */
export type AuthenticationMethod = 'front-proxy' | 'certificate' | 'token' | 'anonymous';

/** Somebody who was recognised; `anonymous` is somebody too. */
export interface Authenticated {
  readonly user: UserInfo;
  readonly method: AuthenticationMethod;
}

/** Credentials that prove nothing, or that could not be checked. The cause is for the log, never for the client. */
export interface NotAuthenticated {
  readonly cause: string;
  /** Too many attempts of one address, or too many tokens at a time: they were not even looked at. */
  readonly retryAfterMs?: number;
}

export type Authentication = Authenticated | NotAuthenticated;

/** Finds out who sent a request; at once, unless somebody else has to be asked. Never rejects. */
export interface Authenticator {
  authenticate(credentials: Credentials): Authentication | Promise<Authentication>;
  /** Whether a header, in lower case, says who asks: nobody else gets to see it. */
  isIdentityHeader(name: string): boolean;
}

/** The answer of one method to what it looked at. */
export type Recognized =
  | UserInfo
  | {
      readonly cause: string;
      /** There was no place left to look at it: the client may try again after so many milliseconds. */
      readonly retryAfterMs?: number;
    };

/** The answer of one method; `undefined`: there is nothing for it to look at. */
export type Recognition = Recognized | undefined;
