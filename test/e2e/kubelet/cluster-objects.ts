import { z } from 'zod';
import { CollectionWatch, PATIENCE, type Patience } from '../../../apps/kube-api';
import type { ClusterApi } from './cluster-api';
import type { Texts } from './texts';

/** The API server is restarted on purpose: who waits half a minute to ask again sees nothing of what is tested. */
export const NODE_PATIENCE: Patience = { ...PATIENCE, retryMs: { first: 200, most: 2000 } };

/** Where a service can be reached. */
export interface ServiceAddress {
  readonly name: string;
  readonly address: string;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
}

export type ConfigKind = 'ConfigMap' | 'Secret';

const base64 = z.record(z.string(), z.string()).nullish();
const configMap = z.object({
  data: z.record(z.string(), z.string()).nullish(),
  binaryData: base64,
});
const secret = z.object({ data: base64 });
const named = z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) });
const serviceList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        clusterIP: z.string().default('None'),
        ports: z
          .array(
            z.object({ name: z.string().default(''), port: z.number(), protocol: z.string().default('TCP') }),
          )
          .default([]),
      }),
    }),
  ),
});

const COLLECTIONS: Readonly<Record<ConfigKind, string>> = { ConfigMap: 'configmaps', Secret: 'secrets' };

/** ConfigMaps, Secrets and services, as pods need them. */
export class ClusterObjects {
  /** @param onChange told that an object is another, or gone */
  constructor(
    private readonly api: ClusterApi,
    private readonly onChange: (kind: ConfigKind, namespace: string, name: string) => void,
    private readonly onProblem: (message: string) => void,
  ) {}

  /** Follows changes until the API is closed. */
  async watch(): Promise<void> {
    await Promise.all([this.follow('ConfigMap'), this.follow('Secret')]);
  }

  /** The object as it is now; undefined if there is none. */
  async texts(kind: ConfigKind, namespace: string, name: string): Promise<Texts | undefined> {
    const path = `/api/v1/namespaces/${namespace}/${COLLECTIONS[kind]}/${name}`;
    const object = await this.api.find(path);
    if (object === undefined) return undefined;
    const plain = kind === 'ConfigMap' ? configMap.parse(object).data : {};
    const encoded = kind === 'ConfigMap' ? configMap.parse(object).binaryData : secret.parse(object).data;
    return new Map([
      ...Object.entries(plain ?? {}).map(([key, text]): [string, Buffer] => [key, Buffer.from(text)]),
      ...Object.entries(encoded ?? {}).map(([key, text]): [string, Buffer] => [
        key,
        Buffer.from(text, 'base64'),
      ]),
    ]);
  }

  async services(namespace: string): Promise<readonly ServiceAddress[]> {
    const list = serviceList.parse(await this.api.get(`/api/v1/namespaces/${namespace}/services`));
    return list.items
      .filter(({ spec }) => spec.clusterIP !== '' && spec.clusterIP !== 'None')
      .map(({ metadata, spec }) => ({ name: metadata.name, address: spec.clusterIP, ports: spec.ports }));
  }

  private follow(kind: ConfigKind): Promise<void> {
    const told = (object: unknown): void => {
      const { namespace, name } = named.parse(object).metadata;
      this.onChange(kind, namespace, name);
    };
    const watch = new CollectionWatch({
      client: this.api.client,
      path: `/api/v1/${COLLECTIONS[kind]}`,
      sink: {
        // After an interruption everything may have changed.
        listing: () => ({ page: (objects) => objects.forEach(told), done: () => undefined }),
        changed: told,
        removed: told,
      },
      patience: NODE_PATIENCE,
      random: Math.random,
      onProblem: (error) => this.onProblem(`watch of ${COLLECTIONS[kind]}: ${String(error)}`),
      onHeard: () => undefined,
    });
    return watch.run(this.api.stopped);
  }
}
