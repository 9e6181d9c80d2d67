import { UsageError } from '../core/errors';
import type { Labels } from '../core/kube/selector';
import type { MetricContract } from '../core/model';
import { Exporter } from './exporter';
import { PodPort, ServicePort } from './port';

/** Who decides how many pods an app has: a number in its manifest, or an autoscaler. */
export type Replicas = number | 'autoscaled';

/** Labels that service discovery adds to the series of a pod: they name the pod that exports. */
const POD_TARGET_LABELS = ['namespace', 'pod', 'container'] as const;
type PodTargetLabel = (typeof POD_TARGET_LABELS)[number];

/** The same for pods that are discovered behind a Service. */
const SERVICE_TARGET_LABELS = [...POD_TARGET_LABELS, 'service', 'endpoint'] as const;
type ServiceTargetLabel = (typeof SERVICE_TARGET_LABELS)[number];

/** What is known of an app before any of its objects exists. */
export interface AppProps<Ports extends string, Size extends Replicas> {
  readonly namespace: string;
  readonly name: string;
  /** Named container ports, TCP. */
  readonly ports?: Readonly<Record<Ports, number>>;
  /** Default 1. */
  readonly replicas?: Size;
  /** Labels that select its pods and nobody else's. Default `app.kubernetes.io/name`. */
  readonly podLabels?: Labels;
}

/**
 * An app's identity: plain data that workload, policies, monitors and autoscaler all refer to, whichever stage they
 * are in. It renders nothing itself.
 */
export class App<Ports extends string = string, Size extends Replicas = Replicas> {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: Replicas;
  readonly podLabels: Labels;
  readonly ports: ReadonlyMap<string, PodPort>;
  /** Tells the compiler apps of a fixed size and autoscaled ones apart. */
  declare protected readonly size: Size;

  constructor({ namespace, name, ports, replicas, podLabels }: AppProps<Ports, Size>) {
    this.namespace = namespace;
    this.name = name;
    this.replicas = replicas ?? 1;
    this.podLabels = podLabels ?? { 'app.kubernetes.io/name': name };
    this.ports = new Map(
      Object.entries<number>(ports ?? {}).map(([port, number]) => [
        port,
        new PodPort({ namespace, podLabels: this.podLabels, app: name, name: port, number }),
      ]),
    );
  }

  /** The handle of one of its ports. */
  port(name: Ports): PodPort {
    const port = this.ports.get(name);
    if (!port) throw new UsageError(`${this.namespace}/${this.name} declares no port "${name}"`);
    return port;
  }

  /**
   * Declares a Service with one port in front of it, of the same name.
   * @param port one of its ports
   */
  service(port: Ports, { number, name, labels }: ServiceOptions = {}): ServicePort {
    const pod = this.port(port);
    return new ServicePort({
      namespace: this.namespace,
      service: name ?? this.name,
      labels: labels ?? { 'app.kubernetes.io/name': this.name },
      name: port,
      number: number ?? pod.number,
      pod,
    });
  }

  /** Declares the series that it exports about itself, on the port that the contract names. */
  exports<const Contract extends MetricContract>(
    contract: Contract & { readonly port: Ports },
  ): Exporter<Contract, PodPort, PodTargetLabel> {
    return new Exporter(this.port(contract.port), contract, POD_TARGET_LABELS);
  }

  /**
   * Declares the same series behind a Service, for a ServiceMonitor: they name the Service as well.
   * @throws UsageError if the Service leads elsewhere than to the port that the contract names
   */
  exportsThrough<const Contract extends MetricContract>(
    service: ServicePort,
    contract: Contract & { readonly port: Ports },
  ): Exporter<Contract, ServicePort, ServiceTargetLabel> {
    if (service.pod !== this.port(contract.port)) {
      throw new UsageError(
        `Service ${service.namespace}/${service.service} does not lead to port "${contract.port}" of ` +
          `${this.namespace}/${this.name}, which exports the series`,
      );
    }
    return new Exporter(service, contract, SERVICE_TARGET_LABELS);
  }
}

/** How a Service differs from what its app suggests. */
export interface ServiceOptions {
  /** Port of the Service. Default: the number of the container port. */
  readonly number?: number;
  /** Default: the app's name. */
  readonly name?: string;
  /** Labels of the Service object, by which monitors select it. */
  readonly labels?: Labels;
}
