import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../../core/errors';
import type { ControlPlane } from './control-plane';

/** Where the Services of aggregated servers are. */
const NAMESPACE = 'custom-metrics';
/** As whom adapters act. */
export const ADAPTER_USER = `system:serviceaccount:${NAMESPACE}:adapter`;
export const ADAPTER_GROUPS = ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`];

const APISERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
/** Some of it takes kube-apiserver a minute, and machines may be slow: only what never comes is to fail. */
const AVAILABLE_TIMEOUT_MS = 180_000;
const POLL_MS = 50;

const conditionsShape = z.object({
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
    .default({ conditions: [] }),
});

/** The name that a Service's certificate must have. */
export function serviceName(name: string): string {
  return `${name}.${NAMESPACE}.svc`;
}

/** A group and version that an aggregated server answers. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export const CUSTOM_METRICS: GroupVersion = { group: 'custom.metrics.k8s.io', version: 'v1beta1' };
export const EXTERNAL_METRICS: GroupVersion = { group: 'external.metrics.k8s.io', version: 'v1beta1' };
export const RESOURCE_METRICS: GroupVersion = { group: 'metrics.k8s.io', version: 'v1beta1' };

/** Gives adapters what they need in a cluster: the delegation of authentication and the objects that they read. */
export async function prepareAdapters(plane: ControlPlane): Promise<void> {
  await plane.create('/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  await plane.create(`${RBAC}/clusterroles`, {
    metadata: { name: 'adapter-objects' },
    rules: [
      {
        apiGroups: ['', 'apps', 'batch', 'networking.k8s.io'],
        resources: [
          ...['pods', 'namespaces', 'nodes', 'services', 'persistentvolumes'],
          ...['deployments', 'statefulsets', 'replicasets', 'daemonsets', 'jobs', 'ingresses'],
        ],
        verbs: ['get', 'list', 'watch'],
      },
      {
        apiGroups: ['apiextensions.k8s.io'],
        resources: ['customresourcedefinitions'],
        verbs: ['list', 'watch'],
      },
    ],
  });
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: ADAPTER_USER }];
  for (const role of ['adapter-objects', 'system:auth-delegator']) {
    await plane.create(`${RBAC}/clusterrolebindings`, {
      metadata: { name: `adapter:${role}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects,
    });
  }
  const role = 'extension-apiserver-authentication-reader';
  await plane.create(`${RBAC}/namespaces/kube-system/rolebindings`, {
    metadata: { name: 'adapter' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
    subjects,
  });
}

/** Lets kube-apiserver send a group version to a server on 127.0.0.1, and waits until it does. */
export async function register(
  plane: ControlPlane,
  { group, version }: GroupVersion,
  server: { readonly name: string; readonly port: number },
): Promise<void> {
  await plane.create('/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  await plane.create(`/api/v1/namespaces/${NAMESPACE}/services`, {
    metadata: { name: server.name },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  });
  await unregister(plane, { group, version });
  const name = `${version}.${group}`;
  await plane.create(APISERVICES, {
    metadata: { name },
    spec: {
      group,
      version,
      groupPriorityMinimum: 100,
      versionPriority: 100,
      caBundle: Buffer.from(plane.caBundle).toString('base64'),
      service: { namespace: NAMESPACE, name: server.name, port: server.port },
    },
  });
  await until(`APIService ${name} is available`, async () => {
    const { text } = await plane.request(`${APISERVICES}/${name}`);
    const { status } = conditionsShape.parse(JSON.parse(text));
    const available = status.conditions.some(
      (condition) => condition.type === 'Available' && condition.status === 'True',
    );
    return available && (await plane.request(`/apis/${group}/${version}`)).status === 200;
  });
}

/** Takes the group version from whichever server has it. */
export async function unregister(plane: ControlPlane, { group, version }: GroupVersion): Promise<void> {
  const path = `${APISERVICES}/${version}.${group}`;
  await plane.request(path, { method: 'DELETE' });
  await until(`${path} is gone`, async () => {
    if ((await plane.request(path)).status !== 404) return false;
    return (await plane.request(`/apis/${group}/${version}`)).status === 404;
  });
}

/**
 * Waits until something holds.
 * @param check true once it does; an error counts as not yet, but not an expectation that is not met
 * @throws Error that says what did not
 */
export async function until(
  what: string,
  check: () => Promise<boolean>,
  timeoutMs = AVAILABLE_TIMEOUT_MS,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let last = '';
    try {
      if (await check()) return;
    } catch (error) {
      if (error instanceof Error && 'matcherResult' in error) throw error;
      last = `: ${messageOf(error)}`;
    }
    if (performance.now() > deadline) throw new Error(`not so in ${timeoutMs / 1000} s: ${what}${last}`);
    await sleep(POLL_MS);
  }
}
