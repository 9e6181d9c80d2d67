/** Who asks, as authentication found out (`k8s.io/apiserver/pkg/authentication/user`). */
export interface UserInfo {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** The group whose members may do everything, and are not limited (`user.SystemPrivilegedGroup`). */
export const PRIVILEGED_GROUP = 'system:masters';

/** What a request is to authorization: the attributes of a SubjectAccessReview. */
export type RequestAttributes = ResourceAttributes | NonResourceAttributes;

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface NonResourceAttributes {
  readonly verb: string;
  /** Without the query. */
  readonly path: string;
}
