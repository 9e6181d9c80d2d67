import { createHash } from 'node:crypto';
import type { Registry } from '../../../core/adapter';
import {
  encodeGroupDiscoveryList,
  encodeOpenApiV2,
  encodeOpenApiV3,
  encodeOpenApiV3Root,
  encodeResourceList,
  type MetricsGroup,
  type ServedMetrics,
} from '../../../core/adapter/api';

/** A document and its hash, as ETags and caches want it. */
export interface HashedDocument {
  readonly body: string;
  /** SHA-512 in capital hexadecimal digits. */
  readonly hash: string;
}

/** What is served, in the words of discovery and OpenAPI: written once for each registry, not for each request. */
export class Documents {
  private registry: Registry | undefined;
  private known: ServedMetrics = { resource: false };
  private readonly written = new Map<string, HashedDocument>();

  constructor(
    private readonly current: () => Registry,
    private readonly version: string,
  ) {}

  get served(): ServedMetrics {
    const registry = this.current();
    if (registry !== this.registry) {
      this.registry = registry;
      this.known = servedBy(registry);
      this.written.clear();
    }
    return this.known;
  }

  resources(group: MetricsGroup, version: string): HashedDocument {
    return this.document(`${group}/${version}`, (served) => encodeResourceList(served, group, version));
  }

  discovery(version: 'v2' | 'v2beta1'): HashedDocument {
    return this.document(`discovery ${version}`, (served) => encodeGroupDiscoveryList(served, version));
  }

  openApiV2(): HashedDocument {
    return this.document('openapi v2', (served) => encodeOpenApiV2(served, this.version));
  }

  openApiV3Root(): HashedDocument {
    return this.document('openapi v3', (served) =>
      encodeOpenApiV3Root(served, this.version, (path) => this.openApiV3(path)?.hash ?? ''),
    );
  }

  /** @param path as the root document has it: `apis/GROUP/VERSION` */
  openApiV3(path: string): HashedDocument | undefined {
    const document = encodeOpenApiV3(this.served, path, this.version);
    return document === undefined ? undefined : this.document(`openapi v3 ${path}`, () => document);
  }

  private document(name: string, write: (served: ServedMetrics) => string): HashedDocument {
    const { served } = this;
    let document = this.written.get(name);
    if (!document) {
      const body = write(served);
      document = { body, hash: createHash('sha512').update(body).digest('hex').toUpperCase() };
      this.written.set(name, document);
    }
    return document;
  }
}

/** A group is served if the configuration has rules for it, whatever became of them. */
function servedBy(registry: Registry): ServedMetrics {
  const { config } = registry;
  const metrics = registry.metrics();
  return {
    ...(config.rules.length > 0 ? { custom: metrics.filter(({ resource }) => resource !== undefined) } : {}),
    ...(config.externalRules.length > 0
      ? { external: metrics.filter(({ resource }) => resource === undefined) }
      : {}),
    resource: config.resourceRules !== undefined,
  };
}
