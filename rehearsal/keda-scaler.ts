import { accountOf, kedaRequests, refusedText, type KedaOperatorDeployment } from '../core/chain';
import { messageOf, NotSupportedError } from '../core/errors';
import {
  generatedHpa,
  readPrometheus,
  requestScale,
  servedQuantity,
  triggersOf,
  type ActivationState,
  type Activity,
  type PrometheusTrigger,
  type ScaledObject,
  type Trigger,
  type TriggerValue,
} from '../core/keda';
import { namespaceOf } from '../core/kube/inventory';
import { groupOf, refText } from '../core/kube/object';
import type { Quantity } from '../core/kube/quantity';
import { resolveServiceUrl } from '../core/kube/service-url';
import type { Autoscalers } from './autoscalers';
import type { Controllers } from './controllers';
import type { MetricFailure } from './external-metrics-server';
import type { PrometheusServer } from './prometheus-server';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';
import { wayToPrometheus } from './ways';
import type { WorkloadController } from './workload-controller';

const SOURCE = 'keda-operator';
/** Kinds without a scale. */
const UNSCALABLE = ['DaemonSet', 'Pod'];

/** A trigger that asks Prometheus, and the way there. */
interface Asked {
  readonly trigger: PrometheusTrigger;
  readonly server: () => PrometheusServer | string;
}

/** One ScaledObject in the hands of an operator: its autoscaler, its metrics, and its size while nothing is active. */
export class KedaScaler {
  /** Pod of the operator that looks after it. */
  private pod: VirtualPod | undefined;
  private readonly triggers: readonly Trigger[] | { readonly error: string };
  private readonly asked: readonly Asked[];
  private state: ActivationState = {};
  private made = false;
  private stopPolling: () => void = () => undefined;
  private said: readonly string[] = [];

  constructor(
    private readonly surroundings: Surroundings,
    private readonly controllers: Controllers,
    private readonly autoscalers: Autoscalers,
    private readonly operator: KedaOperatorDeployment,
    readonly scaledObject: ScaledObject,
  ) {
    this.triggers = attempt(() => triggersOf(scaledObject));
    this.asked = 'error' in this.triggers ? [] : this.triggers.flatMap((trigger) => this.ask(trigger));
  }

  /** Makes the autoscaler and looks at the triggers from now on, for as long as the operator's pod leads. */
  start(pod: VirtualPod): void {
    this.pod = pod;
    const problem = this.reconcile();
    const { journal, clock } = this.surroundings.world;
    const { ref, pollingIntervalMs } = this.scaledObject;
    journal.state('adapter', ref, 'KEDA', problem === undefined ? [] : [problem]);
    if (problem !== undefined) {
      journal.event(SOURCE, refText(ref), 'ScaledObjectCheckFailed', problem, 'Warning');
      return;
    }
    this.stopPolling = clock.every(clock.now, pollingIntervalMs, () => this.poll());
  }

  stop(): void {
    this.pod = undefined;
    this.stopPolling();
  }

  /** The value of one of its external metrics. */
  metric(name: string): Quantity | MetricFailure {
    if ('error' in this.triggers) {
      const { error } = this.triggers;
      return { answer: `error getting scalers ${error}`, cause: error };
    }
    const found = this.asked.find(({ trigger }) => trigger.metric === name);
    if (!found) {
      const answer = `no matching metrics found for ${name}`;
      return { answer, cause: answer };
    }
    const result = this.read(found);
    if ('value' in result) return servedQuantity(result.value);
    return { answer: `metric:${name} encountered error`, cause: result.error };
  }

  /** @returns why there is no autoscaler, in the words of the controller */
  private reconcile(): string | undefined {
    const { operator, scaledObject, surroundings } = this;
    const { world } = surroundings;
    const { kind, apiVersion, name } = scaledObject.target;
    const group = groupOf(apiVersion);
    const resource = world.inventory.apiResources.findKind(group, kind)?.plural;
    if (resource === undefined)
      return `ScaledObject doesn't have correct scaleTargetRef specification: no matches for kind "${kind}" in version "${apiVersion}"`;
    const target = { group, resource };
    const account = accountOf(operator.workload);
    const requests = kedaRequests(operator, scaledObject.namespace, target);
    const refused = refusedText(world.rbac, account, requests);
    if (refused !== undefined) return `no autoscaler is made of it: ${refused}`;
    if (!this.target)
      return UNSCALABLE.includes(kind)
        ? "ScaledObject doesn't have correct scaleTargetRef specification: Target resource doesn't expose /scale subresource"
        : `ScaledObject doesn't have correct scaleTargetRef specification: ${resource}${group === '' ? '' : `.${group}`} "${name}" not found`;
    return this.make();
  }

  private make(): string | undefined {
    if (this.made) return undefined;
    const { autoscalers, scaledObject, operator, surroundings } = this;
    const autoscaler = attempt(() => autoscalers.read(generatedHpa(scaledObject, operator.version)));
    if ('error' in autoscaler)
      return `failed to ensure HPA is correctly created for ScaledObject: ${autoscaler.error}`;
    this.made = true;
    const { journal } = surroundings.world;
    const message = 'ScaledObject is ready for scaling';
    journal.event(SOURCE, refText(scaledObject.ref), 'ScaledObjectReady', message, 'Normal');
    autoscalers.add(autoscaler);
    return undefined;
  }

  private get target(): WorkloadController | undefined {
    const { namespace, target } = this.scaledObject;
    if (UNSCALABLE.includes(target.kind)) return undefined;
    const found = this.controllers.find(target.kind, namespace, target.name);
    return found && groupOf(found.workload.apiVersion) === groupOf(target.apiVersion) ? found : undefined;
  }

  private ask(trigger: Trigger): Asked[] {
    if (trigger.type !== 'prometheus') return [];
    const { surroundings, operator } = this;
    const { serverAddress } = trigger;
    const { pods, inventory } = surroundings.world;
    const address = resolveServiceUrl(serverAddress, namespaceOf(operator.workload), inventory);
    const server = pods.memo(() => {
      if ('reason' in address) return `${serverAddress} ${address.reason}`;
      return this.pod ? wayToPrometheus(surroundings, this.pod, address) : 'the operator does not run';
    });
    return [{ trigger, server }];
  }

  private read({ trigger, server }: Asked): TriggerValue {
    const found = server();
    if (typeof found === 'string') return { error: found };
    // The query names its time, in whole seconds.
    const { now } = this.surroundings.world.clock;
    return readPrometheus(trigger, found.query(trigger.query, Math.floor(now / 1000) * 1000));
  }

  private poll(): void {
    const { target, scaledObject, surroundings } = this;
    if (!target) return;
    const { clock, journal } = surroundings.world;
    const { state, scaleTo, event } = requestScale(
      scaledObject,
      this.state,
      this.activity(),
      target.specReplicas,
      clock.now,
    );
    this.state = state;
    if (event) journal.event(SOURCE, refText(scaledObject.ref), event.reason, event.message, 'Normal');
    if (scaleTo !== undefined) target.scale(scaleTo);
  }

  private activity(): Activity {
    const results = this.asked.map((asked) => ({ ...asked, result: this.read(asked) }));
    const active = results.flatMap(({ trigger, result }) =>
      'value' in result && result.value > trigger.activationThreshold ? [trigger.metric] : [],
    );
    const errors = results.flatMap(({ result }) => ('error' in result ? [result.error] : []));
    this.report(errors);
    // CPU and memory alone cannot tell that nothing is to be done.
    const always = this.asked.length === 0;
    return { active: always || active.length > 0, failed: errors.length > 0, metrics: active };
  }

  private report(errors: readonly string[]): void {
    const { journal } = this.surroundings.world;
    const { ref } = this.scaledObject;
    journal.state('adapter', ref, 'triggers', errors);
    for (const error of errors) {
      if (!this.said.includes(error))
        journal.event(SOURCE, refText(ref), 'KEDAScalerFailed', error, 'Warning');
    }
    this.said = errors;
  }
}

function attempt<T extends object>(work: () => T): T | { readonly error: string } {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotSupportedError) throw error;
    return { error: messageOf(error) };
  }
}
