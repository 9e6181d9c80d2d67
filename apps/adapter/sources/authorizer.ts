import type { Deadline } from './deadline';
import type { Target } from './endpoint';
import type { Headers } from './exchange';

/** Lets requests in. */
export interface Authorizer {
  /** Headers for one request. @throws SourceError without credentials */
  headers(target: Target, deadline: Deadline): Promise<Headers>;
  /** Told that the source refused: looks for newer credentials. @returns whether another try is worth it */
  renew(status: 401 | 403, deadline: Deadline): Promise<boolean>;
  close(): Promise<void>;
}
