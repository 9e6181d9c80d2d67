import { invalid, required } from '../../../kube/field-error';
import { goQuote } from '../../../kube/go-quote';
import { pathSegmentProblems } from '../../../kube/name-syntax';
import { type CrossVersionObjectReference } from '../spec';

/** The `apiVersion` of a reference is validated since this minor version. */
const API_VERSIONS_SINCE = 34;

/** How a reference to an object is validated (`CrossVersionObjectReferenceValidationOptions`). */
export interface ReferenceOptions {
  readonly allowEmptyGroup: boolean;
  readonly allowInvalidApiVersion: boolean;
}

/** `ValidateCrossVersionObjectReference`. */
export function validateReference(
  { apiVersion = '', kind, name }: CrossVersionObjectReference,
  path: string,
  options: ReferenceOptions,
  minor: number,
): string[] {
  const problem = minor < API_VERSIONS_SINCE ? undefined : apiVersionProblem(apiVersion, options);
  return [
    ...validatePathSegment(kind, `${path}.kind`, ''),
    ...validatePathSegment(name, `${path}.name`, ''),
    ...(problem === undefined ? [] : [invalid(`${path}.apiVersion`, goQuote(apiVersion), problem)]),
  ];
}

/** A name that becomes part of a path on the API server. */
export function validatePathSegment(name: string, path: string, ifEmpty: string): string[] {
  if (name === '') return [required(path, ifEmpty)];
  return pathSegmentProblems(name).map((problem) => invalid(path, goQuote(name), problem));
}

/** `ValidateAPIVersion`. */
function apiVersionProblem(apiVersion: string, options: ReferenceOptions): string | undefined {
  if (options.allowInvalidApiVersion) return undefined;
  if (!parsesAsGroupVersion(apiVersion)) return `unexpected GroupVersion string: ${apiVersion}`;
  const slash = apiVersion.indexOf('/');
  return slash <= 0 && !options.allowEmptyGroup ? 'apiVersion must specify API group' : undefined;
}

/** Whether `schema.ParseGroupVersion` takes it. */
export function parsesAsGroupVersion(apiVersion = ''): boolean {
  return apiVersion.split('/').length <= 2;
}
