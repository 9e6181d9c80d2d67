import { z } from 'zod';
import type { KubeObject } from '../../core/kube/object';
import type { ControlPlane } from '../control-plane/control-plane';

const MANAGER = 'plimsoll-test';
const DEADLINE_MS = 120_000;

const resourceList = z.looseObject({
  resources: z.array(
    z.looseObject({
      name: z.string(),
      kind: z.string(),
      namespaced: z.boolean(),
      verbs: z.array(z.string()),
    }),
  ),
});
const groupList = z.looseObject({
  groups: z.array(z.looseObject({ preferredVersion: z.looseObject({ groupVersion: z.string() }) })),
});
const stored = z.looseObject({ metadata: z.looseObject({}) });
const listing = z.looseObject({
  items: z
    .array(z.looseObject({ metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }) }))
    .nullable(),
});
const conditions = z.looseObject({
  status: z
    .looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).optional() })
    .optional(),
});

/** What a control plane writes by itself, at its own times. */
const OF_ITSELF = ['events', 'leases', 'apiservices', 'componentstatuses', 'controllerrevisions'];

type Identity = Pick<KubeObject, 'apiVersion' | 'kind'> & {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
};

/** Objects in a real kube-apiserver, as Pulumi's Kubernetes provider handles them. */
export class RealCluster {
  private readonly resources = new Map<string, { readonly plural: string; readonly namespaced: boolean }>();

  constructor(private readonly plane: ControlPlane) {}

  /**
   * Server-side apply without force, with strict validation of fields.
   * @returns whether the object is another than before, or was not there
   * @throws Error with what kube-apiserver says against it
   */
  async apply(object: KubeObject): Promise<boolean> {
    const path = await this.path(object);
    const before = await this.content(path);
    const { status, text } = await this.plane.request(
      `${path}?fieldManager=${MANAGER}&fieldValidation=Strict`,
      { method: 'PATCH', body: JSON.stringify(object), contentType: 'application/apply-patch+yaml' },
    );
    if (status >= 300) throw new Error(`PATCH ${path}: ${status} ${text}`);
    return contentOf(text) !== before;
  }

  private async content(path: string): Promise<string | undefined> {
    const { status, text } = await this.plane.request(path);
    return status === 404 ? undefined : contentOf(text);
  }

  /** Deletes an object and waits until it is gone, as a Namespace takes time. */
  async delete(object: Identity): Promise<void> {
    const path = await this.path(object);
    const { status, text } = await this.plane.request(path, { method: 'DELETE' });
    if (status >= 300) throw new Error(`DELETE ${path}: ${status} ${text}`);
    await until(`${path} is gone`, async () => (await this.plane.request(path)).status === 404);
  }

  /** Waits for a condition of an object. */
  async has(object: Identity, condition: string): Promise<void> {
    const path = await this.path(object);
    await until(`${path} is ${condition}`, async () => {
      const { text } = await this.plane.request(path);
      const found = conditions.parse(JSON.parse(text)).status?.conditions ?? [];
      return found.some(({ type, status }) => type === condition && status === 'True');
    });
  }

  /** `PLURAL NAMESPACE/NAME` of everything there is, but for what the control plane writes by itself. */
  async everything(): Promise<string[]> {
    const { text } = await this.plane.request('/apis');
    const versions = groupList
      .parse(JSON.parse(text))
      .groups.map((group) => group.preferredVersion.groupVersion);
    const all: string[] = [];
    for (const groupVersion of ['v1', ...versions]) all.push(...(await this.inGroup(groupVersion)));
    return all.sort();
  }

  /** APIServices that somebody made; those of the control plane itself have no Service. */
  async apiServices(): Promise<string[]> {
    const { text } = await this.plane.request('/apis/apiregistration.k8s.io/v1/apiservices');
    const shape = z.looseObject({
      items: z.array(
        z.looseObject({
          metadata: z.looseObject({ name: z.string() }),
          spec: z.looseObject({ service: z.unknown().optional() }),
        }),
      ),
    });
    return shape
      .parse(JSON.parse(text))
      .items.filter(({ spec }) => spec.service !== undefined && spec.service !== null)
      .map(({ metadata }) => metadata.name);
  }

  private async inGroup(groupVersion: string): Promise<string[]> {
    const base = basePath(groupVersion);
    const { status, text } = await this.plane.request(base);
    // An API whose server is not there.
    if (status !== 200) return [];
    const listed = resourceList
      .parse(JSON.parse(text))
      .resources.filter(({ name, verbs }) => verbs.includes('list') && !OF_ITSELF.includes(name));
    const objects = await Promise.all(
      listed.map(async ({ name }) => {
        const reply = await this.plane.request(`${base}/${name}`);
        // A kind whose definition was deleted a moment ago.
        if (reply.status === 404) return [];
        return (listing.parse(JSON.parse(reply.text)).items ?? []).map(
          ({ metadata }) => `${groupVersion} ${name} ${metadata.namespace ?? ''}/${metadata.name}`,
        );
      }),
    );
    return objects.flat();
  }

  private async path({ apiVersion, kind, metadata: { name, namespace } }: Identity): Promise<string> {
    const { plural, namespaced } = await this.resource(apiVersion, kind);
    return namespaced
      ? `${basePath(apiVersion)}/namespaces/${namespace ?? 'default'}/${plural}/${name}`
      : `${basePath(apiVersion)}/${plural}/${name}`;
  }

  private async resource(apiVersion: string, kind: string) {
    const key = `${apiVersion} ${kind}`;
    const known = this.resources.get(key);
    if (known) return known;
    // A new kind is served a moment after its definition is established.
    await until(`${key} is served`, async () => {
      const { status, text } = await this.plane.request(basePath(apiVersion));
      if (status !== 200) return false;
      const found = resourceList
        .parse(JSON.parse(text))
        .resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
      if (found) this.resources.set(key, { plural: found.name, namespaced: found.namespaced });
      return found !== undefined;
    });
    return this.resources.get(key) ?? { plural: '', namespaced: false };
  }
}

/**
 * An object without its resource version: where a definition has defaults in `status`, the first apply after the
 * creation stores them once more, and counts as a write that changes nothing.
 */
function contentOf(text: string): string {
  const object = stored.parse(JSON.parse(text));
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: undefined } });
}

function basePath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${DEADLINE_MS / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
