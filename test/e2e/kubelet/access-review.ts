import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import type { ClusterApi } from './cluster-api';

const TOKEN_REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

const tokenReview = z.object({
  status: z.object({
    authenticated: z.boolean().default(false),
    user: z.object({ username: z.string().default(''), groups: z.array(z.string()).default([]) }).optional(),
  }),
});
const accessReview = z.object({ status: z.object({ allowed: z.boolean() }) });
const subject = z.object({
  CN: z.string(),
  O: z.union([z.string(), z.array(z.string())]).optional(),
});

/** Who asks a kubelet for something. */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Who somebody is, by a certificate of the cluster's authority or a token; undefined if that cannot be said. */
export async function callerOf(
  api: ClusterApi,
  socket: TLSSocket,
  authorization: string | undefined,
): Promise<Caller | undefined> {
  if (socket.authorized) {
    const { CN: user, O: organizations = [] } = subject.parse(socket.getPeerCertificate().subject);
    return { user, groups: [organizations].flat() };
  }
  const [, token] = /^Bearer (.+)$/.exec(authorization ?? '') ?? [];
  if (token === undefined) return undefined;
  const answer = await api.create(TOKEN_REVIEWS, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token },
  });
  const { authenticated, user } = tokenReview.parse(answer).status;
  return authenticated && user ? { user: user.username, groups: user.groups } : undefined;
}

/** Whether somebody may read a subresource of a node: `metrics`, `proxy`. */
export async function mayRead(
  api: ClusterApi,
  { user, groups }: Caller,
  node: string,
  subresource: string,
): Promise<boolean> {
  const answer = await api.create(ACCESS_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      ...{ user, groups },
      resourceAttributes: { verb: 'get', resource: 'nodes', subresource, name: node },
    },
  });
  return accessReview.parse(answer).status.allowed;
}
