import { App } from './app';
import type { ServicePort } from './port';

/** Its own metrics; names and labels are in docs/adapter.md. */
const OWN_METRICS = { port: 'https', path: '/metrics', series: {} } as const;

/** A metrics adapter: what it is called and where it is; known before its objects exist. */
export class MetricsAdapterHandle {
  readonly app: App<'https'>;
  /** Behind its APIServices. */
  readonly service: ServicePort;

  /** @param replicas how many of it; each answers by itself. Default 1 */
  constructor(namespace: string, name: string, replicas = 1) {
    this.app = new App({ namespace, name, ports: { https: 6443 }, replicas });
    this.service = this.app.service('https', { number: 443 });
  }

  /** For a monitor of the adapter itself. */
  get exporter() {
    return this.app.exportsThrough(this.service, OWN_METRICS);
  }

  /** Name of a ConfigMap into which it writes the authority of its certificate, for who scrapes it. */
  get caConfigMap(): string {
    return `${this.app.name}-ca`;
  }
}
