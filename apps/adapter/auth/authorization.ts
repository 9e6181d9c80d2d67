import { type RequestAttributes, type UserInfo } from '../../../core/adapter/api/authorization';

/** Whether somebody may do something. */
export type Authorization =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string }
  /** It could not be found out. The cause is for the log. */
  | { readonly allowed: false; readonly cause: string };

/** Decides what somebody may do; at once, unless somebody else has to be asked. Never rejects. */
export interface Authorizer {
  /** Whether everybody may do it, without being asked for. */
  isOpen(attributes: RequestAttributes): boolean;
  authorize(user: UserInfo, attributes: RequestAttributes): Authorization | Promise<Authorization>;
}
