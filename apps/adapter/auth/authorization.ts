import { type RequestAttributes, type UserInfo } from '../../../core/adapter/api/authorization';

/** Whether somebody may do something. */
export type Authorization =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string }
  /** It could not be found out. The cause is for the log. */
  | { readonly allowed: false; readonly cause: string }
  /** There was no place left to find it out: the client may try again after so long. */
  | { readonly allowed: false; readonly retryAfterMs: number };

/** A request that waits for authorization. */
export interface AuthorizationRequest {
  /** The address of somebody that nobody knows, who may not have many questions asked at a time. */
  readonly stranger?: string | undefined;
  /** Aborted when nobody waits for the answer any more; made only if it is asked for. */
  readonly gone: { readonly signal: AbortSignal };
}

/** Decides what somebody may do; at once, unless somebody else has to be asked. Never rejects. */
export interface Authorizer {
  /** Whether everybody may do it, without being asked for. */
  isOpen(attributes: RequestAttributes): boolean;
  authorize(
    user: UserInfo,
    attributes: RequestAttributes,
    request: AuthorizationRequest,
  ): Authorization | Promise<Authorization>;
}
