import { z } from 'zod';
import { UsageError } from '../errors';

const stringMap = z.record(z.string(), z.string());

/** `metav1.ObjectMeta`, as far as anything here reads it. */
export const objectMeta = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
});

const kubeObject = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: objectMeta });

/** Any Kubernetes object, with only its identity read; what else it holds is read by the schema of its kind. */
export type KubeObject = z.infer<typeof kubeObject>;

/** Names one object: what an error or a finding points at. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for cluster-scoped kinds. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** `Deployment backend/backend-1`, or `ClusterRole reader` for a cluster-scoped kind. */
export function refText(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** The reference of an object. */
export function refOf(object: KubeObject): ObjectRef {
  const { name, namespace } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** The API group of an `apiVersion`: `apps/v1` → `apps`, `v1` → the core group, `''`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Leaves out fields that are null: in an object's fields the API server takes null for absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]): [string, unknown][] =>
      field === null ? [] : [[key, withoutNulls(field)]],
    ),
  );
}

/**
 * Reads the identity of an object.
 * @param where names the source in the error, e.g. a file
 * @throws UsageError if it has no `apiVersion`, `kind` or `metadata.name`
 */
export function parseObject(value: unknown, where: string): KubeObject {
  const result = kubeObject.safeParse(withoutNulls(value));
  if (!result.success) throw new UsageError(`${where}: not a Kubernetes object: ${issueText(result.error)}`);
  return result.data;
}

/** The problems of a zod error as `spec.ports.0.port: expected number, received string`, separated by semicolons. */
export function issueText(error: z.ZodError): string {
  return error.issues
    .map((issue) =>
      issue.path.length > 0 ? `${issue.path.join('.')}: ${complaint(issue)}` : complaint(issue),
    )
    .join('; ');
}

/** What one zod issue complains about, without its place: `expected number, received string`, `is missing`. */
export function complaint({ message }: { readonly message: string }): string {
  return message.endsWith('received undefined') ? 'is missing' : message.replace(/^Invalid input: /, '');
}
