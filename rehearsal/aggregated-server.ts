import { accountOf, DELEGATION, refusedText, type ApiBackend } from '../core/chain';
import { resolveTargetPort } from '../core/kube/endpoints';
import { refOf, refText } from '../core/kube/object';
import type { AccessRequest } from '../core/kube/rbac';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';

/** What is particular to one server. */
interface ServerLife {
  /** For messages: `the adapter`. */
  readonly name: string;
  /** The port that it listens on. */
  readonly listens: number | undefined;
  /** Whether it starts at all, network apart. */
  readonly starts: boolean;
  begin(pod: VirtualPod): void;
  end(): void;
}

/**
 * A server behind the aggregation layer of the API server: it serves while a pod of it runs and reaches the API
 * server. What it answers is up to its owner.
 */
export class AggregatedServer {
  private serving: VirtualPod | undefined;
  /**
   * Why the API server gets no answer from it; undefined if it gets one. The way is that of the aggregation layer:
   * Service, endpoint, network, program.
   */
  readonly unavailable: () => string | undefined;
  /** Why it cannot find out who may ask it, so that it refuses everybody; undefined if it can. */
  readonly undelegated: string | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly backend: Omit<ApiBackend, 'problems'>,
    private readonly life: ServerLife,
  ) {
    const { pods } = surroundings.world;
    this.undelegated = refusalOf(surroundings, backend, DELEGATION);
    this.unavailable = pods.memo(() => this.wayIn());
    pods.onChange((pod) => {
      if (pod.workload === backend.workload) this.notice(pod);
    });
  }

  /** The pod that serves, if one does. */
  get pod(): VirtualPod | undefined {
    return this.serving;
  }

  private wayIn(): string | undefined {
    const { service, servicePort } = this.backend;
    const { name, listens } = this.life;
    if (!service) return 'the Service behind the API does not exist';
    if (!servicePort) return `${refText(refOf(service))} does not have the port that the APIService names`;
    const { endpoints, network } = this.surroundings;
    const { namespace = '', name: serviceName } = refOf(service);
    const [pod] = endpoints.find(namespace, serviceName)?.ready ?? [];
    const address = `Service ${namespace}/${serviceName}`;
    if (!pod) return `${address} has no ready endpoint`;
    const port = resolveTargetPort(servicePort, pod.spec);
    if (port === undefined) return `${address} has no container port "${servicePort.targetPort}" to lead to`;
    const blocked = network.blocked('kube-apiserver', pod, port);
    if (blocked !== undefined) return `from the API server to ${name}, ${blocked}`;
    if (!this.serving) return `${name} does not run`;
    return port === listens
      ? undefined
      : `${address} leads to port ${port}, and ${name} listens on ${listens}`;
  }

  private notice(pod: VirtualPod): void {
    const runs = pod.running && !pod.deleting;
    if (runs && !this.serving) this.start(pod);
    if (!runs && this.serving === pod) {
      this.serving = undefined;
      this.life.end();
      this.takeOver();
    }
  }

  /** Of several pods another has been running all the time. */
  private takeOver(): void {
    const { pods } = this.surroundings.world;
    const next = pods
      .all()
      .find(({ workload, running, deleting }) => workload === this.backend.workload && running && !deleting);
    if (next) this.start(next);
  }

  private start(pod: VirtualPod): void {
    if (!this.life.starts) return;
    const { network, world } = this.surroundings;
    const problem = network.apiProblem(pod);
    const messages = problem === undefined ? [] : [`${this.life.name} does not start: ${problem}`];
    world.journal.state('adapter', pod.owner, 'API server', messages);
    if (problem !== undefined) return;
    this.serving = pod;
    this.life.begin(pod);
  }
}

/** What RBAC refuses a server, as a sentence; undefined if it refuses nothing. */
export function refusalOf(
  { world }: Surroundings,
  { workload }: Omit<ApiBackend, 'problems'>,
  requests: readonly AccessRequest[],
): string | undefined {
  return workload && refusedText(world.rbac, accountOf(workload), requests);
}
