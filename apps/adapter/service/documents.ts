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
  private metrics: ServedMetrics = { resource: false };
  private readonly written = new Map<string, HashedDocument>();

  constructor(
    private readonly current: () => Registry,
    private readonly version: string,
  ) {}

  get served(): ServedMetrics {
    this.follow();
    return this.metrics;
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
    const name = `openapi v3 ${path}`;
    const known = this.known(name);
    if (known) return known;
    const body = encodeOpenApiV3(this.served, path, this.version);
    return body === undefined ? undefined : this.keep(name, body);
  }

  private document(name: string, write: (served: ServedMetrics) => string): HashedDocument {
    return this.known(name) ?? this.keep(name, write(this.served));
  }

  /** What was written since the registry became another one. */
  private known(name: string): HashedDocument | undefined {
    this.follow();
    return this.written.get(name);
  }

  private keep(name: string, body: string): HashedDocument {
    const document = { body, hash: createHash('sha512').update(body).digest('hex').toUpperCase() };
    this.written.set(name, document);
    return document;
  }

  private follow(): void {
    const registry = this.current();
    if (registry === this.registry) return;
    this.registry = registry;
    this.metrics = servedBy(registry);
    this.written.clear();
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
