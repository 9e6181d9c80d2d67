import { parseGoDuration } from '../../core/kube/duration';
import { DEFAULT_AUTOSCALING } from '../../core/model';
import { canSetTolerance } from './behavior';
import { ALLOCATABLE_CORES } from './cluster';
import { LOAD_MS, LOAD_PER_SECOND } from './load';
import { options, type Options } from './options';
import { PROBE_SECONDS } from './workload';

/** Cores that all but the worker and the sample app request, rounded up: tenants, and the stack's own needs. */
export const OTHER_CORES = 22;
const { tolerance: TOLERANCE } = DEFAULT_AUTOSCALING;

/** A number of pods. */
export interface Range {
  readonly atLeast: number;
  readonly atMost: number;
}

/** Sizes before the load, at its height, and long after it. */
export interface Sizes {
  readonly before: Range;
  readonly height: Range;
  readonly end: Range;
}

/** Requests a second that a pod of the sample app counts while nobody wants anything of it. */
function idleRate({ counter, scrapeInterval }: Options): number {
  return counter === 'app' ? 0 : 2 / PROBE_SECONDS + 1000 / parseGoDuration(scrapeInterval);
}

/** What the sample app settles at. */
export function appSizes(chosen: Options): Sizes {
  const { appMin } = chosen;
  const before = restingSizes(chosen, appMin).at(-1) ?? appMin;
  const height = sizeUnderLoad(chosen, before);
  const after = (from: number) => restingSizes(chosen, from).at(-1) ?? from;
  return {
    before: { atLeast: before, atMost: before },
    height,
    end: { atLeast: after(height.atLeast), atMost: after(height.atMost) },
  };
}

/** The sizes that an idle sample app goes through from one of them, until it stays. */
export function restingSizes(chosen: Options, from: number): readonly number[] {
  const { appMin, appMax, appTarget } = chosen;
  const ratio = idleRate(chosen) / appTarget;
  const sizes = [from];
  if (ratio > 0 && Math.abs(ratio - 1) <= TOLERANCE) return sizes;
  for (let pods = from; ;) {
    const next = Math.min(appMax, Math.max(appMin, Math.ceil(pods * ratio)));
    if (next === pods) return sizes;
    sizes.push(next);
    pods = next;
  }
}

/**
 * Where the sample app goes under the load: between the size at which the average is within the tolerance and the one at
 * which it is the target, one pod more or less, depending on the steps that lead there. With the document's settings it
 * is 17. Where idle pods are counted as well, the average of new ones is still growing when the load ends.
 */
function sizeUnderLoad(chosen: Options, from: number): Range {
  const { appTarget, appMax } = chosen;
  // The window may be longer than the load, whose average then never gets that high.
  const load = LOAD_PER_SECOND * Math.min(1, LOAD_MS / parseGoDuration(chosen.rateWindow));
  const idle = idleRate(chosen);
  const within = (pods: number) => Math.min(appMax, Math.max(from, pods));
  if (isDocumented(chosen)) return { atLeast: within(17), atMost: within(17) };
  const tolerated = Math.ceil(load / (appTarget * (1 + TOLERANCE)));
  const most = appTarget > idle ? Math.ceil(load / (appTarget - idle)) : appMax;
  return { atLeast: within(tolerated - 1), atMost: within(most + 1) };
}

/**
 * Whether nothing was chosen otherwise than in the document. Any choice gives pods and monitors other names or times,
 * by which scrapes have other offsets.
 */
function isDocumented(chosen: Options): boolean {
  return JSON.stringify(chosen) === JSON.stringify(options.parse({}));
}

/** What the worker settles at, given the sample app. */
export function workerSizes(chosen: Options, { before, height, end }: Sizes): Sizes {
  const rest = (app: Range) => workerSize(chosen, app);
  return { before: rest(before), height: rest(height), end: rest(end) };
}

/** The pods that take what the sample app leaves. */
function workerSize(chosen: Options, app: Range): Range {
  const { appCores, reserve, workerMin, workerMax } = chosen;
  const within = (pods: number) => Math.min(workerMax, Math.max(workerMin, pods));
  const free = (pods: number) => ALLOCATABLE_CORES - OTHER_CORES - pods * appCores - reserve;
  const { below, above } = leftAlone(chosen);
  return {
    atLeast: within(Math.ceil(below(free(app.atMost)))),
    atMost: within(Math.floor(above(free(app.atLeast)))),
  };
}

/** How far the size may be from the free cores: the autoscaler's tolerance, of what it compares. */
function leftAlone({ worker, reserve, kubernetes }: Options) {
  const exact = (free: number) => free;
  if (worker === 'slots' && canSetTolerance(kubernetes)) return { below: exact, above: exact };
  if (worker === 'slots') {
    return {
      below: (free: number) => free / (1 + TOLERANCE),
      above: (free: number) => free / (1 - TOLERANCE),
    };
  }
  const band = reserve * TOLERANCE;
  // The others' cores are rounded up, by less than one.
  return { below: (free: number) => free - band, above: (free: number) => free + band + 1 };
}
