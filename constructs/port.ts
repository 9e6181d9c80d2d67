import type { Labels } from '../core/kube/selector';

/** A named container port of some pods: what a PodMonitor scrapes and a connection reaches. */
export class PodPort {
  readonly namespace: string;
  /** Labels that select the pods. */
  readonly podLabels: Labels;
  /** Name of the app whose pods they are. */
  readonly app: string;
  readonly name: string;
  readonly number: number;
  /** Keeps objects of the same shape, whose port nobody declared, from passing as a handle. */
  protected readonly declared = 'pod port';

  constructor(port: Pick<PodPort, 'namespace' | 'podLabels' | 'app' | 'name' | 'number'>) {
    this.namespace = port.namespace;
    this.podLabels = port.podLabels;
    this.app = port.app;
    this.name = port.name;
    this.number = port.number;
  }
}

/** A named port of a labelled Service: what a ServiceMonitor selects. */
export class ServicePort {
  readonly namespace: string;
  /** Name of the Service. */
  readonly service: string;
  /** Labels of the Service object. */
  readonly labels: Labels;
  readonly name: string;
  readonly number: number;
  /** Where it leads. */
  readonly pod: PodPort;
  protected readonly declared = 'service port';

  constructor(port: Pick<ServicePort, 'namespace' | 'service' | 'labels' | 'name' | 'number' | 'pod'>) {
    this.namespace = port.namespace;
    this.service = port.service;
    this.labels = port.labels;
    this.name = port.name;
    this.number = port.number;
    this.pod = port.pod;
  }

  /** Base URL for clients in the cluster, e.g. `http://prometheus.monitoring.svc:9090`. */
  get url(): string {
    return `http://${this.service}.${this.namespace}.svc:${this.number}`;
  }
}
