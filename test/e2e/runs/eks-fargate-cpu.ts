import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../../../core/model';
import { eksFargate as stack } from '../../../stacks/eks-fargate';
import { both, withHeyRate, withoutFargate } from '../overlay';
import { jobStep } from './job-step';
import type { RunDefinition, RunStep } from './run';
import type { Scene } from './scene';

const SECONDS = 1000;
const PODINFO = 'demo/podinfo';
const WORKERS = 5;
/** Requests a second of each of hey's workers: with the stack's own 5 podinfo uses little more than its probes. */
const PER_WORKER = 70;
/** metrics-server asks kubelets every so often, whatever the factor. */
const RESOLUTION_MS = 15 * SECONDS;
/**
 * How long after it asked the load begins, so that its first window holds enough of the load for all pods that there may
 * be, and its last one, as the load lasts whole windows, enough to keep them.
 */
const AFTER_ASKED_MS = 5 * SECONDS;

/** What the pods of podinfo had used at a moment. */
interface Sample {
  readonly atMs: number;
  readonly pods: number;
  readonly cpuSeconds: number;
}

/**
 * Tokens that cost CPU, which the kubelet measures and the real metrics-server serves. How much a request costs here is
 * measured and given to the rehearsal. On a machine that others use as well it differs by a fifth from one quarter of a
 * minute to the next, so sizes are compared and values are not.
 */
export function eksFargateCpu(): RunDefinition {
  const samples: Sample[] = [];
  const sample = (afterMs: number): RunStep => ({
    name: `CPU of ${PODINFO} read`,
    afterMs,
    act: (scene) => {
      samples.push(sampleOf(scene));
      return Promise.resolve(undefined);
    },
  });
  return {
    name: 'eks-fargate-cpu',
    summary: 'CPU that podinfo uses, through metrics-server: 1, 3 and 1 replicas',
    stack,
    // With fewer pods than the load could use, steps on the way do not depend on what a request costs. Idle pods use 5 to
    // 8 % of what they request, of which three need to be one pod's: the target is three times as much.
    set: ['metric=cpu', 'cpuTarget=30', 'max=3'],
    adapted: both(withoutFargate, withHeyRate(PER_WORKER)),
    factor: 5,
    later: [],
    known: [PODINFO],
    steps: (factor) => [
      sample(0),
      sample(30 * SECONDS),
      justAfterAsked(jobStep('demo/load-tokens', 30 * SECONDS)),
      sample(30 * SECONDS + (250 * SECONDS) / factor),
      sample(30 * SECONDS + (550 * SECONDS) / factor),
    ],
    inputs: ['cpu resource'],
    measured: (scene, scenario) => Promise.resolve(withUsage(scene, scenario, samples)),
    ends: { [PODINFO]: 1 },
    lastsMs: (factor) => 50 * SECONDS + RESOLUTION_MS + (1080 * SECONDS) / factor,
  };
}

/** The step some seconds after kubelets were asked the next time. @throws Error if nobody asks them */
function justAfterAsked(step: RunStep): RunStep {
  return {
    ...step,
    act: async (scene) => {
      const { kubelet } = scene.cluster;
      const before = kubelet.askedMs;
      const asked = () => Promise.resolve(kubelet.askedMs !== before);
      await scene.until('metrics-server to ask kubelets', asked, 2 * RESOLUTION_MS);
      await sleep(AFTER_ASKED_MS);
      const { elapsedMs } = scene.recorder;
      await step.act(scene);
      return [elapsedMs];
    },
  };
}

function sampleOf({ cluster, recorder }: Scene): Sample {
  const used = cluster.kubelet
    .usage()
    .filter(({ namespace, container }) => `${namespace}/${container}` === PODINFO);
  const cpuSeconds = used.reduce((sum, { usage }) => sum + usage.cpuSeconds, 0);
  return { atMs: recorder.elapsedMs, pods: used.length, cpuSeconds };
}

function withUsage(scene: Scene, scenario: Scenario, samples: readonly Sample[]): Scenario {
  const [rest, before, early, late] = samples;
  if (!rest || !before || !early || !late) throw new Error('the CPU of podinfo was not read');
  const idle = (before.cpuSeconds - rest.cpuSeconds) / (before.atMs - rest.atMs);
  const lastedMs = late.atMs - early.atMs;
  const loaded = (late.cpuSeconds - early.cpuSeconds - idle * late.pods * lastedMs) / lastedMs;
  // CPU seconds a millisecond are a thousandfold of cores.
  const idleCores = idle * 1000;
  const perRequestMs = (loaded * 1_000_000) / (WORKERS * PER_WORKER);
  scene.say(
    `podinfo uses ${(idleCores * 1000).toFixed(1)}m at rest, ${perRequestMs.toFixed(3)} ms a request`,
  );
  const cpu = { idle: `${Math.round(idleCores * 1e6)}u`, perRequest: `${Math.round(perRequestMs * 1000)}us` };
  return { ...scenario, usage: scenario.usage.map((usage) => ({ ...usage, cpu })) };
}
