import { LRUCache } from 'lru-cache';
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

const MOST_ACCEPTS = 100;
/** What is made of Accept headers where there are no transformations; clients have few different ones. */
const plain = new LRUCache<string, Negotiated>({ max: MOST_ACCEPTS });

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

/** A failure; in JSON, whatever the client takes. */
export function statusReply(call: Asked, status: ApiStatus): ApiReply {
  const retry = status.details?.retryAfterSeconds;
  return {
    status: status.code,
    type: JSON_TYPE,
    body: bodyFor(call, encodeStatus(status), false),
    ...(retry === undefined ? {} : { headers: { 'retry-after': String(retry) } }),
  };
}

function bodyFor({ headers, routed }: Asked, json: string, pretty: boolean): string {
  return jsonBody(json, wantsPretty(routed.pretty, pretty, headers.get('user-agent')));
}
