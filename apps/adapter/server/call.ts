import { type RequestAttributes, type UserInfo } from '../../../core/adapter/api/authorization';
import { type VisibleHeaders } from '../auth';

/** What the server has to know of a request that was made sense of. */
export interface RoutedRequest {
  readonly kind: string;
  /** For authorization; absent if the target makes no sense at all, which nobody learns who may not ask for it. */
  readonly attributes?: RequestAttributes | undefined;
  /** How long the client wants to wait at most, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** An authorized request. */
export interface ApiCall<Routed extends RoutedRequest> {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly routed: Routed;
  /** Without those that say who asks. */
  readonly headers: VisibleHeaders;
  readonly user: UserInfo;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What is answered. */
export interface ApiReply {
  readonly status: number;
  /** Content type. */
  readonly type: string;
  readonly body: string | Buffer;
  /** Names in lower case; neither content type nor content length. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Answers authorized requests. What it throws is logged, and the client gets a 500 that does not say it. */
export type ApiHandler<Routed extends RoutedRequest> = (
  call: ApiCall<Routed>,
) => ApiReply | Promise<ApiReply>;
