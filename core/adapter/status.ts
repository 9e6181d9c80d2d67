import { groupResourceText, type GroupResource } from '../rules';

/** A `metav1.Status` of a failed request. */
export interface Status {
  readonly kind: 'status';
  readonly code: 404 | 500 | 503;
  /** `''` where upstream sends a plain error. */
  readonly reason: 'NotFound' | 'InternalError' | 'ServiceUnavailable' | '';
  readonly message: string;
  /** What upstream writes to its log only. */
  readonly cause: string;
  /** When it may be worth to ask again, if that is known. */
  readonly retryAfterMs?: number | undefined;
}

/** The metric is not known for the resource at all, or not for this object. */
export function metricNotFound(
  metric: string,
  resource: GroupResource,
  cause: string,
  object?: string,
): Status {
  const suffix = object === undefined ? '' : ` ${object}`;
  const message = `the server could not find the metric ${metric} for ${groupResourceText(resource)}${suffix}`;
  return { kind: 'status', code: 404, reason: 'NotFound', message, cause };
}

/** The query could not be built or did not give what it should. */
export function unableToFetch(cause: string): Status {
  return internalError('unable to fetch metrics', cause);
}

/** A query that no source would take is not sent. @param why what is too much, and what to change */
export function unableToSend(why: string): Status {
  const message = `unable to fetch metrics: ${why}`;
  return internalError(message, message);
}

/**
 * The source of a rule gave no answer. The message names the source, but neither its address nor what it said.
 * @param source key of `plimsoll.sources`; `''` for the endpoint of the flags
 */
export function sourceUnavailable(
  source: string,
  cause: string,
  retryAfterMs?: number,
  what = 'metrics',
): Status {
  return {
    kind: 'status',
    code: 503,
    reason: 'ServiceUnavailable',
    message: `unable to fetch ${what}: ${sourceName(source)} is unavailable`,
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** As messages name it. @param source key of `plimsoll.sources`; `''` for the endpoint of the flags */
export function sourceName(source: string): string {
  return source === '' ? 'Prometheus' : `source ${source}`;
}

/** The status with the first link that failed in its message, where upstream says only that there is no metric. */
export function withCause(status: Status): Status {
  return status.code === 404 ? { ...status, message: `${status.message}: ${status.cause}` } : status;
}

/** A failure inside the adapter that its client is told about. */
export function internalError(message: string, cause: string): Status {
  return {
    kind: 'status',
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    cause,
  };
}

/** An error that upstream passes on as it is, without a reason. */
export function plainError(message: string): Status {
  return { kind: 'status', code: 500, reason: '', message, cause: message };
}
