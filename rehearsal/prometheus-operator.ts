import { accountOf, operatedService, OperatorScope, prometheusWorkload, refusedText } from '../core/chain';
import { NotSupportedError } from '../core/errors';
import { Inventory, namespaceOf } from '../core/kube/inventory';
import type { Prometheus } from '../core/kube/kinds/monitoring';
import type { Workload } from '../core/kube/kinds/pod';
import { refOf, refText } from '../core/kube/object';
import { scrapeJobs, selectMonitors } from '../core/operator';
import { isPrometheusOperator } from '../core/workloads';
import type { Controllers } from './controllers';
import type { Endpoints } from './endpoints';
import type { Network } from './network';
import { PrometheusServer } from './prometheus-server';
import type { VirtualPod } from './virtual-pod';
import type { World } from './world';

/** From a ready operator to the objects it makes. */
const SYNC_MS = 1000;

/** Makes the StatefulSet and Service of every Prometheus once an operator runs, and knows the servers in them. */
export class PrometheusOperator {
  private readonly servers = new Map<Workload, PrometheusServer>();
  private readonly installed = new Set<Prometheus>();
  /** Operators that have looked for Prometheus objects. */
  private readonly synced = new Set<Workload>();

  constructor(
    private readonly world: World,
    private readonly endpoints: Endpoints,
    private readonly network: Network,
    private readonly controllers: Controllers,
  ) {
    for (const prometheus of world.inventory.prometheuses) this.reportRejected(prometheus);
    this.reportMissingOperator();
    world.pods.onChange((pod) => {
      for (const [workload, server] of this.servers) server.notice(pod, pod.workload === workload);
      if (isOperator(pod.workload) && !this.synced.has(pod.workload)) this.noticeOperator(pod);
    });
  }

  /** The server in a pod. */
  serverIn(pod: VirtualPod): PrometheusServer | undefined {
    return this.servers.get(pod.workload);
  }

  private noticeOperator(pod: VirtualPod): void {
    if (!pod.ready) return;
    const problem = this.network.apiProblem(pod);
    this.world.journal.state(
      'discovery',
      pod.owner,
      'API server',
      problem === undefined ? [] : [`no Prometheus is made: ${problem}`],
    );
    if (problem !== undefined) return;
    this.synced.add(pod.workload);
    this.world.clock.after(SYNC_MS, () => {
      for (const prometheus of this.world.inventory.prometheuses) this.install(prometheus, pod);
    });
  }

  private install(prometheus: Prometheus, operator: VirtualPod): void {
    const { rbac, journal, inventory } = this.world;
    const scope = OperatorScope.of(operator.workload);
    if (this.installed.has(prometheus) || !scope.operatesIn(namespaceOf(prometheus))) return;
    const refused = refusedText(rbac, accountOf(operator.workload), scope.requestsFor(prometheus));
    if (refused !== undefined) {
      journal.state('discovery', refOf(prometheus), 'operator', [`no server is made of it: ${refused}`]);
      return;
    }
    const { replicas = 1, shards = 1 } = prometheus.spec;
    if (replicas > 1 || shards > 1) {
      throw new NotSupportedError(`${refText(refOf(prometheus))} with more than one replica or shard`);
    }
    this.installed.add(prometheus);
    const workload = prometheusWorkload(prometheus);
    const jobs = scrapeJobs(prometheus, withMonitorsOf(scope, inventory));
    this.servers.set(
      workload,
      new PrometheusServer(this.world, this.endpoints, this.network, prometheus, jobs),
    );
    this.endpoints.addService(operatedService(prometheus));
    this.controllers.add(workload).reconcile();
  }

  private reportMissingOperator(): void {
    const { inventory, journal } = this.world;
    const operators = inventory.workloads.filter(isOperator);
    const scopes = operators.map((operator) => OperatorScope.of(operator));
    for (const prometheus of inventory.prometheuses) {
      const namespace = namespaceOf(prometheus);
      if (scopes.some((scope) => scope.operatesIn(namespace))) continue;
      const message =
        operators.length === 0
          ? 'no workload among the objects runs the Prometheus Operator, so nothing makes a Prometheus of it'
          : `no server is made of it: by its arguments the operator does not watch namespace ${namespace}`;
      journal.state('discovery', refOf(prometheus), 'operator', [message]);
    }
  }

  private reportRejected(prometheus: Prometheus): void {
    for (const { monitor, reason } of selectMonitors(prometheus, this.world.inventory).rejected) {
      const about = `${namespaceOf(prometheus)}/${prometheus.metadata.name}`;
      this.world.journal.state('discovery', refOf(monitor), about, [`it is not selected: ${reason}`]);
    }
  }
}

function isOperator(workload: Workload): boolean {
  return workload.spec.template.spec.containers.some(({ image }) => isPrometheusOperator(image));
}

/** The objects without the monitors of namespaces that the operator does not watch. */
function withMonitorsOf(
  scope: OperatorScope,
  { objects, serviceMonitors, podMonitors }: Inventory,
): Inventory {
  const unread = new Set<unknown>(
    [...serviceMonitors, ...podMonitors]
      .filter((monitor) => !scope.readsMonitorsIn(namespaceOf(monitor)))
      .map((monitor) => refText(refOf(monitor))),
  );
  return new Inventory(objects.filter((object) => !unread.has(refText(refOf(object)))));
}
