import { messageOf } from '../../../core/errors';
import type { ApiResource } from '../../../core/kube/api-resources';
import { ApiError } from '../../kube-api';

/** The objects of a kind cannot be told; its message says why, and what to change if that is known. */
export class ListingError extends Error {
  override readonly name = 'ListingError';

  constructor(resource: ApiResource, cause: unknown) {
    super(`${resourceText(resource)} cannot be listed: ${causeText(resource, cause)}`, { cause });
  }
}

/** `pods`, or `deployments.apps` outside the core group. */
export function resourceText({ group, plural }: ApiResource): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function causeText({ group, plural }: ApiResource, cause: unknown): string {
  const message = messageOf(cause);
  if (!(cause instanceof ApiError) || cause.code !== 403) return message;
  return (
    `a ClusterRole of the adapter's service account has to allow the verbs list and watch on ` +
    `resources: ["${plural}"], apiGroups: ["${group}"]: ${message}`
  );
}
