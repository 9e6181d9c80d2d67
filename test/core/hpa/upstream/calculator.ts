import { type HpaPod } from '../../../../core/hpa';
import { type PodsView, utilizationReplicas } from '../../../../core/hpa/controller/per-pod-replicas';
import { type Int64 } from '../../../../core/kube/int64';
import { Quantity } from '../../../../core/kube/quantity';
import { samples, viewOf } from '../support';
import { podIn, type PodState, ZERO_TIME } from './pods';
import { eachVersion, unitTestConfig, type UpstreamCase } from './versions';

/** What the `replicaCalcTestCase`s of all metrics have in common. */
export interface CalculatorCase extends UpstreamCase {
  readonly current: number;
  /** All of `current` are ready unless said otherwise. */
  readonly pods?: readonly PodState[];
  /** Of both containers of each pod, in cores; one each unless said otherwise. */
  readonly requests?: readonly string[];
  readonly tolerances?: readonly [down: number, up: number];
}

/** CPU in percent of the request. */
export interface ResourceCase extends CalculatorCase {
  /** Use of both containers of each pod that has a sample. */
  readonly levels?: readonly number[];
  /** Use of each container, where that differs. */
  readonly containerLevels?: readonly (readonly number[])[];
  /** The container that alone counts. */
  readonly container?: 'container1' | 'container2';
  readonly target: number;
  readonly gives: readonly [replicas: number, utilization: number, usage: Int64];
}

/** `GetResourceReplicas` for each case. */
export function testUtilization(cases: readonly ResourceCase[]): void {
  eachVersion(cases, (test, minor) => {
    const { container, target, gives } = test;
    const [replicas, utilization, usage] = gives;
    const values = usageByPod(test);
    const view = calculatorView(test, minor);
    const proposal = utilizationReplicas(samples(values, ZERO_TIME), 'cpu', container ?? '', target, view);
    expect(proposal).toEqual({ replicas, utilization, usage });
  });
}

function usageByPod({ levels = [], containerLevels, container }: ResourceCase): (number | undefined)[] {
  const byContainer = containerLevels ?? levels.map((level) => [level, level]);
  return byContainer.map((use) => {
    if (container) return use[container === 'container1' ? 0 : 1];
    return use.reduce((total, level) => total + level, 0);
  });
}

/** What a calculation sees of a case. */
export function calculatorView(test: CalculatorCase, minor: number): PodsView {
  const [down, up] = test.tolerances ?? [];
  const behavior = test.tolerances && {
    scaleDown: { tolerance: String(down) },
    scaleUp: { tolerance: String(up) },
  };
  return viewOf(podsOf(test), test.current, unitTestConfig(minor), behavior);
}

function podsOf({ current, pods, requests }: CalculatorCase): HpaPod[] {
  const states = pods ?? Array<PodState>(current).fill('ready');
  return states.map((state, index) => {
    const request = requests ? requests[index] : '1.0';
    const cpu = request === undefined ? {} : { cpu: Quantity.parse(request) };
    const containers = ['container1', 'container2'].map((name) => ({ name, requests: cpu }));
    return podIn(state, `pod-${index}`, containers, ZERO_TIME);
  });
}
