import { z } from 'zod';
import type { Scenario } from '../../../core/model';
import { bareMetal as stack } from '../../../stacks/bare-metal';
import { withVariable } from '../overlay';
import { jobStep } from './job-step';
import type { RunDefinition } from './run';
import type { Scene } from './scene';

const SECONDS = 1000;
const LOAD = { namespace: 'load-test', name: 'shell-demo' };
const SAMPLE_APP = 'demo/sample-metrics-app';
/** Of a turn of the loop: its pause, and the start of curl as the rehearsal counts it. */
const PAUSE_MS = 105;

const job = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(
          z.object({ command: z.array(z.string()).default([]), args: z.array(z.string()).default([]) }),
        ),
      }),
    }),
  }),
  status: z.object({ startTime: z.string(), completionTime: z.string() }),
});

/**
 * The sample app and the worker on nodes of 184 simulated cores: with the load the app asks for 16 more of them, and the
 * worker, which takes what is left, gives way and comes back. Sizes are below those of the document, as all pods are
 * processes of one machine.
 */
export const bareMetal: RunDefinition = {
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
  steps: () => [jobStep(`${LOAD.namespace}/${LOAD.name}`, 0)],
  measured: withMeasuredLatency,
  ends: { [SAMPLE_APP]: 1, 'opportunistic/worker': 10 },
  lastsMs: (factor) => (900 * SECONDS) / factor,
};

/** How fast the loop turns depends on how fast the machine starts curl: an input of the rehearsal, like starts of pods. */
async function withMeasuredLatency(scene: Scene, scenario: Scenario): Promise<Scenario> {
  const path = `/apis/batch/v1/namespaces/${LOAD.namespace}/jobs/${LOAD.name}`;
  const { spec, status } = job.parse(await scene.cluster.client.get(path));
  const words = spec.template.spec.containers.flatMap(({ command, args }) => [...command, ...args]).join(' ');
  const [, requests] = /seq 1 1 (\d+)/.exec(words) ?? [];
  if (requests === undefined)
    throw new Error(`Job ${LOAD.namespace}/${LOAD.name} has no loop over seq: ${words}`);
  const lastedMs = Date.parse(status.completionTime) - Date.parse(status.startTime);
  const latencyMs = Math.max(1, Math.round(lastedMs / Number(requests)) - PAUSE_MS);
  scene.say(`a turn of the loop took ${latencyMs} ms besides its pause`);
  return { ...scenario, latencies: [{ workload: SAMPLE_APP, latency: `${latencyMs}ms`, at: '0s' }] };
}
