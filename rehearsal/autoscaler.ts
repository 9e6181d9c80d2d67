import {
  defaultHpa,
  fromMilliseconds,
  initialState,
  parseHpaSpec,
  reconcile,
  validateHpa,
  type DefaultedHpaSpec,
  type Failure,
  type HpaConfig,
  type HpaPod,
  type HpaResult,
  type HpaState,
  type ScaleView,
} from '../core/hpa';
import { NotSupportedError, UsageError } from '../core/errors';
import { namespaceOf } from '../core/kube/inventory';
import { groupOf, refOf, refText, type KubeObject, type ObjectRef } from '../core/kube/object';
import { Selector } from '../core/kube/selector';
import { AutoscalerRecord } from './autoscaler-record';
import type { Controllers } from './controllers';
import { hpaPod } from './hpa-pod';
import type { MetricsApi } from './metrics-api';
import type { WorkloadController } from './workload-controller';
import type { World } from './world';

/** The one version whose `spec` is read. */
const READ_VERSION = 'autoscaling/v2';
/** Time that one sync takes: the next begins that much later than a period after it. */
const SYNC_TAKES_MS = 1;
/** Since this version the first sync does not wait for a period. */
const FIRST_SYNC_AT_ONCE_SINCE = 37;

/** One HorizontalPodAutoscaler and the controller that syncs it. */
export class Autoscaler {
  readonly ref: ObjectRef;
  readonly namespace: string;
  readonly spec: DefaultedHpaSpec;
  readonly record: AutoscalerRecord;
  /** Names of the autoscalers of the namespace that select a pod of the same target. */
  otherHpas: readonly string[] = [];
  private readonly metrics: MetricsApi;
  private state: HpaState = initialState();
  private pods: readonly HpaPod[] = [];
  private podsVersion = -1;

  /**
   * @throws UsageError if the API server would refuse the object
   * @throws NotSupportedError if it is of an older version
   */
  constructor(
    private readonly world: World,
    private readonly controllers: Controllers,
    private readonly config: HpaConfig,
    object: KubeObject,
    metricsIn: (namespace: string) => MetricsApi,
  ) {
    this.ref = refOf(object);
    this.namespace = namespaceOf(object);
    const where = refText(this.ref);
    if (object.apiVersion !== READ_VERSION)
      throw new NotSupportedError(`${where} of version ${object.apiVersion}; write it as ${READ_VERSION}`);
    const spec = parseHpaSpec(object['spec'], where);
    const [problem] = validateHpa(spec, object.metadata.name, config);
    if (problem !== undefined) throw new UsageError(`${where}: ${problem}`);
    this.spec = defaultHpa(spec);
    this.record = new AutoscalerRecord(this.namespace, object.metadata.name, this.spec);
    this.metrics = metricsIn(this.namespace);
  }

  /** Syncs from now on. */
  start(periodMs: number): void {
    const { clock, phases } = this.world;
    const known = phases.syncs?.[`${this.namespace}/${this.ref.name}`] ?? [];
    const toCome = known.filter((atMs) => atMs >= clock.now);
    for (const atMs of toCome) clock.at(atMs, () => this.sync());
    const first = this.config.minor >= FIRST_SYNC_AT_ONCE_SINCE && toCome.length === 0 ? 0 : periodMs;
    clock.every((toCome.at(-1) ?? clock.now) + first, periodMs + SYNC_TAKES_MS, () => this.sync());
  }

  /** The workload that is scaled, if it is among the objects. */
  get target(): WorkloadController | undefined {
    const { apiVersion = '', kind, name } = this.spec.scaleTargetRef;
    if (kind === 'DaemonSet' || kind === 'Pod') return undefined;
    const found = this.controllers.find(kind, this.namespace, name);
    return found && groupOf(found.workload.apiVersion) === groupOf(apiVersion) ? found : undefined;
  }

  private sync(): void {
    const { clock, journal } = this.world;
    const { target } = this;
    if (target && this.podsVersion !== this.world.pods.version) this.readPods(target);
    const result = reconcile(
      this.state,
      {
        name: this.ref.name,
        namespace: this.namespace,
        spec: this.spec,
        scale: target ? scaleOf(target) : this.missingTarget(),
        pods: this.pods,
        metrics: this.metrics,
        otherHpas: this.otherHpas,
      },
      fromMilliseconds(clock.now),
      this.config,
    );
    this.state = result.state;
    journal.state('adapter', this.ref, 'metrics', [...new Set(this.metrics.takeProblems())]);
    this.publish(result, target);
  }

  private publish(result: HpaResult, target: WorkloadController | undefined): void {
    const { clock, journal } = this.world;
    for (const { reason, message, type } of this.record.add(clock.now, target?.specReplicas ?? 0, result)) {
      journal.event('horizontal-pod-autoscaler', refText(this.ref), reason, message, type);
    }
    if (result.scaleTo !== undefined) target?.scale(result.scaleTo);
  }

  private readPods({ workload }: WorkloadController): void {
    const selector = Selector.from(workload.spec.selector);
    const listed = this.world.pods
      .inNamespace(this.namespace)
      .filter(({ labels }) => selector.matches(labels));
    this.pods = listed.map(hpaPod);
    const names = listed.map(({ name }) => name);
    const { podNames } = this.metrics;
    const same = names.length === podNames.length && names.every((name, index) => name === podNames[index]);
    if (!same) this.metrics.podNames = names;
    this.podsVersion = this.world.pods.version;
  }

  private missingTarget(): Failure {
    const { apiVersion = '', kind, name } = this.spec.scaleTargetRef;
    const group = groupOf(apiVersion);
    const resource = this.world.inventory.apiResources.findKind(group, kind);
    if (!resource) return { error: `no matches for kind "${kind}" in group "${group}"` };
    return { error: `${resource.plural}${group === '' ? '' : `.${group}`} "${name}" not found` };
  }
}

function scaleOf({ workload, specReplicas, statusReplicas }: WorkloadController): ScaleView {
  return { specReplicas, statusReplicas, selector: Selector.from(workload.spec.selector).toString() };
}
