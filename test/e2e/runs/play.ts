import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseGoDuration, parsePrometheusDuration } from '../../../core/kube/duration';
import type { KubeObject } from '../../../core/kube/object';
import { allObjects, type Stack } from '../../../core/model';
import { parseOptions } from '../../../stacks';
import { synthesize } from '../../../synth';
import { RealCluster } from '../cluster/cluster';
import { nodesOf } from '../cluster/nodes';
import {
  comparisonChart,
  comparisonJson,
  comparisonPage,
  comparisonText,
  type Comparison,
} from '../comparison';
import type { ImageStore } from '../contracts';
import { HubbleStandIn } from '../hubble/stand-in';
import { overlayStack, overlayText, scaleTime } from '../overlay';
import { startRecorder } from '../recorder';
import { install } from './install';
import { rehearseLike, type TakenStep } from './rehearsed';
import type { RunDefinition } from './run';
import { type Outcome, Scene } from './scene';

/** Between the chain being up and the first step. */
const SETTLE_MS = 5_000;
const DEFAULT_SCRAPE = '30s';
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
  const { run, factor, folder, say, images } = options;
  const stack = run.stack.define(parseOptions(run.stack, run.set));
  const synthesized = synthesize(stack);
  const scaled = scaleTime(
    allObjects(synthesized).map(({ object }) => object),
    stack.scenario,
    stack.cluster,
    factor,
  );
  writeFileSync(
    join(folder, 'overlay.txt'),
    overlayText('Synthesized objects, unchanged apart from', scaled.changes, scaled.kept),
  );
  say(`${scaled.changes.length} fields are changed for scaled time, see overlay.txt`);
  const objects = overlayStack(synthesized, scaled.objects);
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
      cluster: clusterText(stack, factor),
    });
    const syncPeriodMs = parseGoDuration(scaled.cluster.autoscaling.syncPeriod);
    const scene = new Scene(cluster, objects, recorder, say);
    recorder.begin();
    await install(scene, stack, images, run.later);
    await sleep(SETTLE_MS);
    const taken = await takeSteps(run, factor, scene);
    const real = recorder.timeline();
    say('rehearsing the same');
    const scrapeIntervalMs = scrapeIntervalOf(scaled.objects);
    const rehearsed = rehearseLike(
      {
        ...{ name: run.name, scenario: scaled.scenario, cluster: scaled.cluster },
        objects: scaled.objects,
        namespaces: stack.releases.map(({ namespace }) => namespace),
        lastsMs: run.lastsMs(factor),
      },
      real,
      taken,
      scrapeIntervalMs,
    );
    const pair = { run: run.name, real, rehearsed: rehearsed.timeline, syncPeriodMs, scrapeIntervalMs };
    writeResults(folder, pair, rehearsed.comparison);
    say(comparisonText(rehearsed.comparison, PLAIN));
    say(`${rehearsed.agreeing} of ${rehearsed.played} phases of syncs and scrapes meet every check`);
    const compared = rehearsed.comparison.autoscalers.flatMap(({ autoscaler, checks }) =>
      checks.map(({ name, met, detail }) => ({ name: `${autoscaler}: ${name}`, met, detail })),
    );
    await options.beforeEnd(cluster);
    await recorder.stop();
    return compared;
  } finally {
    hubble.standIn?.stop();
    await cluster.stop();
  }
}

async function takeSteps(run: RunDefinition, factor: number, scene: Scene): Promise<TakenStep[]> {
  const { recorder } = scene;
  const beganMs = recorder.elapsedMs;
  const taken: TakenStep[] = [];
  for (const step of run.steps(factor)) {
    await sleep(Math.max(0, beganMs + step.afterMs - recorder.elapsedMs));
    const beforeMs = recorder.elapsedMs;
    scene.say(step.name);
    await step.act(scene);
    const realMs = step.countsFromEnd ? recorder.elapsedMs : beforeMs;
    recorder.recordEvent({
      ...{ atMs: realMs, source: 'scenario', object: run.name, type: 'Normal' },
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

/** The longest of all monitors: what a tolerance has to allow for. */
function scrapeIntervalOf(objects: readonly KubeObject[]): number {
  const texts = objects
    .filter(({ kind }) => kind === 'ServiceMonitor' || kind === 'PodMonitor')
    .map((object) => monitors.parse(object).spec)
    .flatMap(({ endpoints = [], podMetricsEndpoints = [] }) => [...endpoints, ...podMetricsEndpoints])
    .map(({ interval = DEFAULT_SCRAPE }) => parsePrometheusDuration(interval));
  return Math.max(...texts);
}

function clusterText({ cluster }: Stack, factor: number): string {
  const nodes = nodesOf(cluster).length;
  return `kube-apiserver, Kubernetes 1.36.4, ${nodes} nodes, time ${factor} times as fast`;
}

function writeResults(
  folder: string,
  pair: Parameters<typeof comparisonChart>[0],
  comparison: Comparison,
): void {
  const anchors = comparison.autoscalers[0]?.anchors ?? [];
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('real.json', JSON.stringify(pair.real));
  write('rehearsed.json', JSON.stringify(pair.rehearsed));
  write('comparison.json', JSON.stringify(comparisonJson(comparison), undefined, 2));
  write('comparison.svg', comparisonChart(pair, anchors));
  write('comparison.html', comparisonPage(pair, anchors));
}
