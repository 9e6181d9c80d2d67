import { formatDuration } from '../../../core/kube/duration';
import type { Scenario } from '../../../core/model';
import { bareMetal as stack } from '../../../stacks/bare-metal';
import { withVariable } from '../overlay';
import { jobStep } from './job-step';
import type { RunDefinition, RunStep } from './run';
import type { Scene } from './scene';
import { type TurnTime, TurnWatch } from './turn-watch';

const SECONDS = 1000;
const LOAD = 'load-test/shell-demo';
const SAMPLE_APP = 'demo/sample-metrics-app';
/** Of a turn of the loop: its pause, and the start of curl as the rehearsal counts it. */
const PAUSE_MS = 105;

/**
 * The sample app and the worker on nodes of 184 simulated cores: with the load the app asks for 16 more of them, and the
 * worker, which takes what is left, gives way and comes back. Sizes are below those of the document, as all pods are
 * processes of one machine.
 */
export function bareMetal(): RunDefinition {
  let watch: TurnWatch | undefined;
  const load = jobStep(LOAD, 0);
  const watched: RunStep = {
    ...load,
    act: (scene) => {
      const [namespace = '', name = ''] = LOAD.split('/');
      watch = new TurnWatch(
        () => scene.cluster.kubelet.logFiles(namespace, name),
        () => scene.recorder.elapsedMs,
      );
      return load.act(scene);
    },
  };
  return {
    name: 'bare-metal',
    summary: 'the worker gives way to the sample app and comes back: 10, 2 and 10 replicas',
    stack,
    set: [
      ...['appMin=1', 'appTarget=3', 'appCores=8', 'reserve=144', 'workerMin=2', 'workerMax=30'],
      'metricsServer=cluster',
    ],
    // What they are to use they would take from each other.
    adapted: withVariable('CPU_MILLICORES', '10'),
    providedBy: ['tenants'],
    factor: 5,
    later: [],
    known: [SAMPLE_APP, 'opportunistic/worker'],
    settleMs: 30 * SECONDS,
    steps: () => [watched],
    measured: (scene, scenario) => Promise.resolve(withLatencies(scene, scenario, watch?.stop() ?? [])),
    ends: { [SAMPLE_APP]: 1, 'opportunistic/worker': 10 },
    lastsMs: (factor) => (900 * SECONDS) / factor,
  };
}

/** How fast the loop turns depends on how fast the machine starts curl: an input of the rehearsal, like starts of pods. */
function withLatencies(scene: Scene, scenario: Scenario, turns: readonly TurnTime[]): Scenario {
  if (turns.length === 0)
    throw new Error(`the loop of Job ${LOAD} has written too little to see how it turns`);
  const latencies = turns.map(({ atMs, turnMs }, index) => ({
    workload: SAMPLE_APP,
    latency: formatDuration(Math.max(1, Math.round(turnMs - PAUSE_MS))),
    at: index === 0 ? '0s' : formatDuration(Math.round(atMs)),
  }));
  scene.say(
    `a turn of the loop took ${latencies.map(({ latency }) => latency).join(', ')} besides its pause`,
  );
  return { ...scenario, latencies };
}
