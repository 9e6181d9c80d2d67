import { UsageError } from '../core/errors';
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

  /** @throws UsageError for a name or number that no port can have */
  constructor(port: Pick<PodPort, 'namespace' | 'podLabels' | 'app' | 'name' | 'number'>) {
    requireValid(`port of ${port.namespace}/${port.app}`, port, POD_PORT_NAME);
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

  /** @throws UsageError for a name or number that no port can have */
  constructor(port: Pick<ServicePort, 'namespace' | 'service' | 'labels' | 'name' | 'number' | 'pod'>) {
    requireValid(`port of Service ${port.namespace}/${port.service}`, port, SERVICE_PORT_NAME);
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

  /** The Service, as the object that a metric is about. */
  get object() {
    return { apiVersion: 'v1', kind: 'Service', name: this.service } as const;
  }
}

/** `IsValidPortName` of k8s.io/apimachinery, which container ports are held to. */
const POD_PORT_NAME = {
  syntax: /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/,
  rule: 'at most 15 lower case letters, digits and single dashes, one letter at least',
};
/** A DNS label, which ports of a Service are held to. */
const SERVICE_PORT_NAME = {
  syntax: /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  rule: 'at most 63 lower case letters, digits and dashes',
};

function requireValid(
  what: string,
  { name, number }: { readonly name: string; readonly number: number },
  { syntax, rule }: typeof POD_PORT_NAME,
): void {
  if (!syntax.test(name)) throw new UsageError(`${what}: "${name}" cannot be its name: use ${rule}`);
  if (!Number.isInteger(number) || number < 1 || number > 65535) {
    throw new UsageError(`${what}: ${number} cannot be its number: use 1 to 65535`);
  }
}
