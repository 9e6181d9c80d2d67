import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { findMetricsServer } from '../../../core/chain';
import { parsePrometheusDuration } from '../../../core/kube/duration';
import { Inventory } from '../../../core/kube/inventory';
import type { KubeObject } from '../../../core/kube/object';
import type { Stack, Timeline } from '../../../core/model';
import { RealCluster } from '../cluster/cluster';
import { nodesOf } from '../cluster/nodes';
import {
  autoscalerIn,
  comparisonChart,
  comparisonJson,
  comparisonPage,
  comparisonText,
  type Comparison,
} from '../comparison';
import type { ImageStore } from '../contracts';
import { HubbleStandIn } from '../hubble/stand-in';
import { overlayText, PEER_IMAGE } from '../overlay';
import { ScrapeWatch, startRecorder } from '../recorder';
import { appliedStack, type AppliedStack } from './applied';
import { install } from './install';
import { rehearseBeside } from './rehearse-worker';
import type { RealRun, TakenStep } from './rehearsed';
import type { RunDefinition } from './run';
import { type Outcome, Scene } from './scene';

/** Between the chain being up and the first step. */
const SETTLE_MS = 5_000;
const DEFAULT_SCRAPE = '30s';
/** From the start of prometheus-adapter until it lists series for the first time, as its log shows. */
const FIRST_LISTING_MS = 300;
const PLAIN = { color: false, width: 110 } as const;

export interface PlayOptions {
  readonly run: RunDefinition;
  readonly factor: number;
  readonly folder: string;
  readonly images: ImageStore;
  readonly say: (text: string) => void;
  /** Called before the cluster goes. */
  readonly beforeEnd: (cluster: RealCluster) => Promise<void>;
}

/** Runs one stack on a real cluster, rehearses the same, and compares both. */
export async function play(options: PlayOptions): Promise<readonly Outcome[]> {
  const { run, folder, say, images, beforeEnd } = options;
  const applied = appliedStack(run, options.factor);
  const { stack, scaled, changes, syncPeriodMs } = applied;
  const text = overlayText('Synthesized objects, unchanged apart from', changes, scaled.kept);
  writeFileSync(join(folder, 'overlay.txt'), text);
  say(`${changes.length} fields are changed, most of them for scaled time: see overlay.txt`);
  const hubble: { standIn?: HubbleStandIn } = {};
  const cluster = await RealCluster.start({
    ...{ folder, images },
    descriptor: scaled.cluster,
    onSandbox: async (pod) => hubble.standIn?.protect(pod),
  });
  try {
    say('control plane, nodes and DNS are up');
    const setting = hubbleSetting(scaled.objects);
    if (setting !== undefined) {
      hubble.standIn = await HubbleStandIn.start({
        ...{ setting, client: cluster.client, policies: scaled.objects },
        nodes: nodesOf(scaled.cluster),
      });
    }
    const recorder = startRecorder({
      client: cluster.client.api,
      name: run.name,
      cluster: clusterText(stack, options.factor),
    });
    const scene = new Scene(cluster, applied.objects, recorder, say, hubble.standIn);
    const real = await playReal(options, applied, scene);
    say('rehearsing the same');
    const outcomes = await compareBoth(options, applied, scene, real);
    const afterwards = (await run.afterwards?.(scene, syncPeriodMs)) ?? [];
    await beforeEnd(cluster);
    await recorder.stop();
    return [...outcomes, ...afterwards];
  } finally {
    hubble.standIn?.stop();
    await cluster.stop();
  }
}

/** Installs the stack and takes the steps of the run. */
async function playReal(
  { run, factor, images }: PlayOptions,
  { stack, scaled }: AppliedStack,
  scene: Scene,
): Promise<RealRun> {
  const { cluster, recorder } = scene;
  const names = nodesOf(scaled.cluster).map(({ name }) => name);
  const scrapes = new ScrapeWatch(cluster.client, names);
  recorder.begin();
  await install(scene, { stack, images, later: run.later, providedBy: run.providedBy ?? [] });
  await Promise.all(run.known.map((autoscaler) => scene.metricsKnown(autoscaler)));
  await sleep(run.settleMs ?? SETTLE_MS);
  const installedMs = performance.now();
  const taken = await takeSteps(run, factor, scene);
  scrapes.stop();
  const { askedMs } = cluster.kubelet;
  const [peerSince] = cluster.kubelet.runningSince(PEER_IMAGE);
  return {
    ...{ timeline: recorder.timeline(), taken },
    startsMs: cluster.kubelet.startTimes(installedMs),
    scrapes: scrapes.phases(recorder.zeroOnClockMs),
    pods: structuredClone(cluster.kubelet.beginnings),
    scrapeIntervalMs: scrapeIntervalOf(scaled.objects),
    listingsMs: peerSince === undefined ? undefined : peerSince + FIRST_LISTING_MS - recorder.zeroOnClockMs,
    resourcesMs: askedMs === undefined ? undefined : recorder.elapsedMs - (performance.now() - askedMs),
  };
}

/** Rehearses the same, writes all results down, and says what came of it. */
async function compareBoth(
  { run, factor, folder, say }: PlayOptions,
  { scaled, syncPeriodMs }: AppliedStack,
  scene: Scene,
  real: RealRun,
): Promise<readonly Outcome[]> {
  const scenario = (await run.measured?.(scene, scaled.scenario)) ?? scaled.scenario;
  const { taken, ...measured } = real;
  const rehearsed = await rehearseBeside({
    ...{ run: run.name, factor, scenario, real: measured },
    takenMs: taken.map(({ realMs }) => realMs),
  });
  const { comparison, agreeing, played } = rehearsed;
  const { timeline, scrapeIntervalMs } = real;
  const pair = {
    ...{ run: run.name, real: timeline, rehearsed: rehearsed.timeline },
    ...{ syncPeriodMs, scrapeIntervalMs, inputs: run.inputs ?? [] },
  };
  writeResults(folder, pair, comparison, real);
  say(comparisonText(comparison, PLAIN));
  say(`${agreeing} of ${played} variants of what was measured meet every check`);
  const compared = comparison.autoscalers.flatMap(({ autoscaler, checks }) =>
    checks.map(({ name, met, detail }) => ({ name: `${autoscaler}: ${name}`, met, detail })),
  );
  return [...compared, ...Object.entries(run.ends).map(([name, size]) => endOf(timeline, name, size))];
}

/** Whether an autoscaler ends with the size that the document of its stack has. */
function endOf(real: Timeline, autoscaler: string, wanted: number): Outcome {
  const size = autoscalerIn(real, autoscaler)?.syncs.desired.at(-1);
  return {
    name: `${autoscaler}: ends with ${wanted} replicas`,
    met: size === wanted,
    detail: size === wanted ? 'it does' : `it ends with ${size ?? 'none'}`,
  };
}

async function takeSteps(run: RunDefinition, factor: number, scene: Scene): Promise<TakenStep[]> {
  const { recorder } = scene;
  const beganMs = recorder.elapsedMs;
  const taken: TakenStep[] = [];
  for (const step of run.steps(factor)) {
    await sleep(Math.max(0, beganMs + step.afterMs - recorder.elapsedMs));
    const beforeMs = recorder.elapsedMs;
    scene.say(step.name);
    const realMs = (await step.act(scene)) ?? [beforeMs];
    recorder.recordEvent({
      ...{ atMs: realMs[0] ?? beforeMs, source: 'scenario', object: run.name, type: 'Normal' },
      ...{ reason: 'Step', message: step.name },
    });
    taken.push({ step, realMs });
  }
  await sleep(Math.max(0, beganMs + run.lastsMs(factor) - recorder.elapsedMs));
  return taken;
}

const ciliumConfig = z.object({ data: z.object({ 'hubble-metrics': z.string() }) });

function hubbleSetting(objects: readonly KubeObject[]): string | undefined {
  const config = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config',
  );
  return config && ciliumConfig.parse(config).data['hubble-metrics'];
}

const monitors = z.object({
  spec: z.object({
    endpoints: z.array(z.object({ interval: z.string().optional() })).optional(),
    podMetricsEndpoints: z.array(z.object({ interval: z.string().optional() })).optional(),
  }),
});

const autoscalers = z.object({
  spec: z.object({ metrics: z.array(z.object({ type: z.string() })).default([]) }),
});

/**
 * The longest interval, for which a tolerance has to allow: of all monitors, and where an autoscaler follows resources, of
 * metrics-server.
 */
function scrapeIntervalOf(objects: readonly KubeObject[]): number {
  const intervals = objects
    .filter(({ kind }) => kind === 'ServiceMonitor' || kind === 'PodMonitor')
    .map((object) => monitors.parse(object).spec)
    .flatMap(({ endpoints = [], podMetricsEndpoints = [] }) => [...endpoints, ...podMetricsEndpoints])
    .map(({ interval = DEFAULT_SCRAPE }) => parsePrometheusDuration(interval));
  const onResources = objects
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .flatMap((object) => autoscalers.parse(object).spec.metrics)
    .some(({ type }) => /Resource$/.test(type));
  const { resolutionMs = 0 } = (onResources && findMetricsServer(new Inventory(objects))?.flags) || {};
  return Math.max(resolutionMs, ...intervals);
}

function clusterText({ cluster }: Stack, factor: number): string {
  const nodes = nodesOf(cluster).length;
  return `kube-apiserver, Kubernetes 1.36.4, ${nodes} nodes, time ${factor} times as fast`;
}

function writeResults(
  folder: string,
  pair: Parameters<typeof comparisonChart>[0],
  comparison: Comparison,
  { taken, startsMs, scrapes, pods }: RealRun,
): void {
  const anchors = comparison.autoscalers[0]?.anchors ?? [];
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('real.json', JSON.stringify(pair.real));
  write('rehearsed.json', JSON.stringify(pair.rehearsed));
  const steps = taken.map(({ step: { name }, realMs }) => ({ name, realMs }));
  write('measured.json', JSON.stringify({ steps, startsMs, scrapes, pods }, undefined, 2));
  write('comparison.json', comparisonJson(comparison));
  for (const { autoscaler } of comparison.autoscalers) {
    if (!autoscalerIn(pair.real, autoscaler) || !autoscalerIn(pair.rehearsed, autoscaler)) continue;
    write(`${autoscaler.replace('/', '-')}.svg`, comparisonChart(pair, anchors, autoscaler));
  }
  write('comparison.html', comparisonPage(pair, anchors));
}
