/** Who sends a request, and what they may do: the part of an extension API server that asks the real one. */
export { type AskedResult } from './answer-cache';
export { type Authenticator, type NotAuthenticated } from './authentication';
export {
  TrustHolder,
  type AuthenticationConfigSource,
  type TrustOrigin,
  type TrustSettings,
} from './authentication-config';
export { type Authorizer } from './authorization';
export { DelegatedAuthenticator } from './delegated-authenticator';
export { DelegatedAuthorizer } from './delegated-authorizer';
export { FailureLimiter } from './failure-limiter';
export { realPause } from './patient-post';
export { type Peer } from './peer';
export { RequestHeaders, VisibleHeaders } from './request-headers';
export { TokenReviews } from './token-review';
