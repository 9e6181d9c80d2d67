import { groupResourceText, type GroupResource } from '../rules';

/** A `metav1.Status` of a failed request. */
export interface Status {
  readonly kind: 'status';
  readonly code: 404 | 500;
  /** `''` where upstream sends a plain error. */
  readonly reason: 'NotFound' | 'InternalError' | '';
  readonly message: string;
  /** What upstream writes to its log only. */
  readonly cause: string;
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
