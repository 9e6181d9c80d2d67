/** Who sends a request, and what they may do: the part of an extension API server that asks the real one. */
export { type AskedResult } from './answer-cache';
export { type Authenticated, type Authenticator } from './authentication';
export { TrustHolder, type AuthenticationConfigSource, type TrustSettings } from './authentication-config';
export { type Authorizer } from './authorization';
export { DelegatedAuthenticator } from './delegated-authenticator';
export { DelegatedAuthorizer } from './delegated-authorizer';
export { FailureLimiter } from './failure-limiter';
export { forbidden } from './forbidden';
export { realPause } from './patient-post';
export { type Peer } from './peer';
export { RequestHeaders, VisibleHeaders } from './request-headers';
export { TokenReviews } from './token-review';
