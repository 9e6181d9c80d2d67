import type { Deadline } from './deadline';
import type { Target } from './endpoint';
import type { Headers } from './exchange';

/** A request that a source did not let in. */
export interface Refusal {
  readonly status: 401 | 403;
  /** What `headers` gave for it; others may have had newer credentials found since. */
  readonly sent: Headers;
}

/** Lets requests in. */
export interface Authorizer {
  /** Headers for one request. @throws SourceError without credentials */
  headers(target: Target, deadline: Deadline): Promise<Headers>;
  /** Told that the source refused: looks for newer credentials. @returns whether another try is worth it */
  renew(refusal: Refusal, deadline: Deadline): Promise<boolean>;
  close(): Promise<void>;
}
