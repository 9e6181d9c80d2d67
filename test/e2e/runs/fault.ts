import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../../../core/errors';
import type { Timeline } from '../../../core/model';
import type { Outcome, Scene } from './scene';

const POLL_MS = 200;
const TIMEOUT_MS = 180_000;
/** For so many periods of the autoscaler metrics have to be there again. */
const SYNCS = 3;

const metricList = z.object({ items: z.array(z.unknown()) });

/** Something of a cluster that goes wrong. */
export interface Fault {
  readonly name: string;
  /** Makes it happen. */
  readonly begin: (scene: Scene) => Promise<void>;
  /** Whether the cluster has dealt with it, as far as anything but the metrics tells that. */
  readonly over?: (scene: Scene) => Promise<boolean>;
}

/** What has to go on through a fault. */
export interface Watched {
  /** Where kube-apiserver has the metrics: they are there if this answers with as many as before. */
  readonly metrics: string;
  /** `namespace/name`. */
  readonly autoscalers: readonly string[];
  readonly syncPeriodMs: number;
}

/** Makes a fault happen and watches until everything is as before: no autoscaler may change a size meanwhile. */
export async function hold(scene: Scene, fault: Fault, watched: Watched): Promise<Outcome> {
  const { recorder } = scene;
  const beganMs = recorder.elapsedMs;
  const name = `${fault.name}: replicas hold`;
  const outcome = await watch(scene, fault, watched).then(
    async (away) => {
      await Promise.all(watched.autoscalers.map((autoscaler) => scene.metricsKnown(autoscaler)));
      const changes = changedSince(recorder.timeline(), beganMs);
      return { name, met: changes.length === 0, detail: [away, ...changes].join(', ') };
    },
    (error: unknown) => ({ name, met: false, detail: messageOf(error) }),
  );
  scene.say(`${outcome.met ? '✓' : '✗'} ${outcome.name}: ${outcome.detail}`);
  return outcome;
}

/** Scale targets that had another number of pods since a moment, whatever changed it. */
function changedSince({ workloads }: Timeline, sinceMs: number): readonly string[] {
  return workloads.flatMap(({ namespace, name, atMs, pods }) =>
    pods.flatMap((count, index) => {
      const before = pods[index - 1] ?? count;
      return (atMs[index] ?? 0) < sinceMs || count === before
        ? []
        : [`${namespace}/${name} ${before}→${count}`];
    }),
  );
}

/** @returns from when until when metrics were away, in words */
async function watch(scene: Scene, fault: Fault, { metrics, syncPeriodMs }: Watched): Promise<string> {
  const began = performance.now();
  const since = () => performance.now() - began;
  const { over = () => Promise.resolve(true) } = fault;
  const away: number[] = [];
  let overMs: number | undefined;
  const before = await countOf(scene, metrics);
  const beginning = fault.begin(scene).then(() => true);
  // Where it fails is looked at below.
  beginning.catch(() => undefined);
  while (since() < TIMEOUT_MS) {
    if ((await countOf(scene, metrics)) < before) away.push(since());
    const begun = await Promise.race([beginning, sleep(POLL_MS).then(() => false)]);
    if (begun && overMs === undefined && (await over(scene).catch(() => false))) overMs = since();
    const lastMs = Math.max(overMs ?? Infinity, away.at(-1) ?? 0);
    if (since() - lastMs < SYNCS * syncPeriodMs) continue;
    const [firstAway] = away;
    return firstAway === undefined
      ? `metrics stayed, over after ${seconds(lastMs)}`
      : `metrics away after ${seconds(firstAway)}, all as before after ${seconds(lastMs)}`;
  }
  throw new Error(`${fault.name}: metrics are not there again after ${seconds(TIMEOUT_MS)}`);
}

/** How many values there are. */
function countOf({ cluster }: Scene, metrics: string): Promise<number> {
  return cluster.client.get(metrics).then(
    (answer) => metricList.parse(answer).items.length,
    () => 0,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
