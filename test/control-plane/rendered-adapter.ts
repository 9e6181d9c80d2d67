import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Inventory } from '../../core/kube/inventory';
import type { KubeObject } from '../../core/kube/object';
import { chosenStack, inventoryOf } from '../stacks/fixture';
import { synthesize } from '../../synth';
import type { ControlPlane } from './control-plane';

/** Paths of collections, by kind; namespaces are put into them. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/NAMESPACE/serviceaccounts',
  ConfigMap: '/api/v1/namespaces/NAMESPACE/configmaps',
  Secret: '/api/v1/namespaces/NAMESPACE/secrets',
  Service: '/api/v1/namespaces/NAMESPACE/services',
  APIService: '/apis/apiregistration.k8s.io/v1/apiservices',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/rolebindings',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

const container = z.object({
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
});
const deployment = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.tuple([container]) }) }) }),
});
const podTemplate = z.object({
  spec: z.object({
    template: z.object({ metadata: z.looseObject({}), spec: z.looseObject({}) }),
  }),
});
const files = z.object({ data: z.record(z.string(), z.string()) });
const apiService = z.looseObject({ spec: z.looseObject({ service: z.looseObject({}) }) });
const token = z.object({ status: z.object({ token: z.string() }) });

/** Where an object is in a namespace. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** The adapter of a stack as the stack renders it. */
export class RenderedAdapter {
  private constructor(
    private readonly objects: Inventory,
    /** Of its Deployment, ServiceAccount and Service. */
    readonly at: Place,
  ) {}

  static of(stack: string, at: Place): RenderedAdapter {
    return new RenderedAdapter(inventoryOf(synthesize(chosenStack(stack))), at);
  }

  /** Everything, as plain data. */
  get all(): readonly KubeObject[] {
    return this.objects.objects;
  }

  /** The arguments and variables of its container. */
  get container(): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
    const { args, env } = deployment.parse(this.find('Deployment', this.at)).spec.template.spec.containers[0];
    return { args, env: Object.fromEntries(env.map(({ name, value }) => [name, value])) };
  }

  /** Its configuration. */
  get configuration(): string {
    const at = { ...this.at, name: `${this.at.name}-config` };
    return files.parse(this.find('ConfigMap', at)).data['config.yaml'] ?? '';
  }

  /**
   * Creates what is rendered, of the kinds that a bare API server knows and the adapter is concerned with. Its Service
   * leads to a port of this machine, which no object of a cluster could say otherwise.
   */
  async apply(plane: ControlPlane, port: number): Promise<void> {
    for (const object of this.all) {
      const collection = COLLECTIONS[object.kind];
      if (collection === undefined) continue;
      const { namespace = '' } = object.metadata;
      await plane.create(collection.replace('NAMESPACE', namespace), this.reachable(object, port));
    }
  }

  /** Creates a pod of a Deployment, as its controller would. */
  async createPod(plane: ControlPlane, { namespace, name }: Place, pod: string): Promise<void> {
    const { metadata, spec } = podTemplate.parse(this.find('Deployment', { namespace, name })).spec.template;
    // A pod needs one; a controller that does not run here makes it.
    await plane.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
    await plane.create(`/api/v1/namespaces/${namespace}/pods`, {
      metadata: { ...metadata, name: pod },
      spec,
    });
  }

  private reachable(object: KubeObject, port: number): unknown {
    if (object.kind === 'APIService') {
      const { spec, ...rest } = apiService.parse(object);
      return { ...rest, spec: { ...spec, service: { ...spec.service, port } } };
    }
    if (object.kind !== 'Service') return object;
    const { name, namespace } = object.metadata;
    return { metadata: { name, namespace }, spec: { type: 'ExternalName', externalName: 'localhost' } };
  }

  private find(kind: string, { namespace, name }: Place): KubeObject {
    const found = this.all.find(
      (object) =>
        object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name,
    );
    if (!found) throw new Error(`the stack renders no ${kind} ${namespace}/${name}`);
    return found;
  }
}

/** A token with which a program acts as a ServiceAccount. */
export async function tokenOf(plane: ControlPlane, { namespace, name }: Place): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status, text } = await plane.request(path, {
    method: 'POST',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  });
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${text}`);
  return token.parse(JSON.parse(text)).status.token;
}

/** A file with which programs act as a ServiceAccount. */
export async function kubeconfigOf(plane: ControlPlane, at: Place): Promise<string> {
  const path = join(plane.folder, `${at.namespace}-${at.name}.yaml`);
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    contexts: [{ name: 'main', context: { cluster: 'main', user: 'main' } }],
    clusters: [
      {
        name: 'main',
        cluster: {
          server: `https://127.0.0.1:${plane.apiServer.port}`,
          'certificate-authority-data': Buffer.from(plane.caBundle).toString('base64'),
        },
      },
    ],
    users: [{ name: 'main', user: { token: await tokenOf(plane, at) } }],
  };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
  return path;
}
