import { LRUCache } from 'lru-cache';
import type { Status } from '../../../core/adapter';
import {
  encodeStatus,
  JSON_TYPE,
  jsonBody,
  negotiate,
  noTransform,
  wantsPretty,
  type ApiStatus,
  type Negotiated,
} from '../../../core/adapter/api';
import type { ApiCall, ApiReply, RoutedRequest } from '../server';

/** A request, as far as its answer's form depends on it. */
type Asked = Pick<ApiCall<RoutedRequest & { readonly pretty?: boolean | undefined }>, 'headers' | 'routed'>;

/** Accept headers that are remembered, and their length together. */
const MOST_ACCEPTS = { max: 100, maxSize: 100 * 1024 } as const;
/** What is made of Accept headers where there are no transformations; clients have few different ones. */
const plain = new LRUCache<string, Negotiated>({
  ...MOST_ACCEPTS,
  sizeCalculation: (_, accept) => accept.length + 1,
});

/** What the client takes; by default JSON without any transformation. */
export function negotiated(call: Asked, allows: Parameters<typeof negotiate>[1] = noTransform): Negotiated {
  const accept = call.headers.get('accept') ?? '';
  if (allows !== noTransform) return negotiate(accept, allows);
  const known = plain.get(accept);
  if (known) return known;
  const fresh = negotiate(accept, noTransform);
  plain.set(accept, fresh);
  return fresh;
}

/** JSON in the form that the client wants. */
export function jsonReply(call: Asked, json: string, negotiation = negotiated(call)): ApiReply {
  if ('refused' in negotiation) return statusReply(call, negotiation.refused);
  return { status: 200, type: JSON_TYPE, body: bodyFor(call, json, negotiation.pretty) };
}

/**
 * A failure; in JSON, whatever the client takes. It has no header Retry-After: with one, client-go itself asks again up
 * to ten times (`checkWait` of rest/with_retry.go), and a worker of the autoscaler's controller would be held up by a
 * source that is down. It asks again at its next period anyway.
 */
export function statusReply(call: Asked, status: ApiStatus): ApiReply {
  return {
    status: status.code,
    type: JSON_TYPE,
    body: bodyFor(call, encodeStatus(status), false),
  };
}

/** A Status that may pass says when to ask again. */
export function failureReply(call: Asked, status: Status): ApiReply {
  if (status.code !== 503) return statusReply(call, status);
  const retryAfterSeconds = Math.max(1, Math.ceil((status.retryAfterMs ?? 0) / 1000));
  return statusReply(call, { ...status, details: { retryAfterSeconds } });
}

function bodyFor({ headers, routed }: Asked, json: string, pretty: boolean): string {
  return jsonBody(json, wantsPretty(routed.pretty, pretty, headers.get('user-agent')));
}
