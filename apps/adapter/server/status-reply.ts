import { encodeStatus, JSON_TYPE, type ApiStatus } from '../../../core/adapter/api';
import { type ApiReply } from './call';

/** The answer that tells a Kubernetes client what went wrong, whatever form it would like. */
export function statusReply(status: ApiStatus): ApiReply {
  const retry = status.details?.retryAfterSeconds;
  return {
    status: status.code,
    type: JSON_TYPE,
    body: `${encodeStatus(status)}\n`,
    headers: retry === undefined ? undefined : { 'retry-after': String(retry) },
  };
}
