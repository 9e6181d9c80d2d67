import { prometheusWorkload, staticDiscovery } from '../chain';
import { messageOf } from '../errors';
import { servingContainers } from '../kube/endpoints';
import type { Inventory } from '../kube/inventory';
import type { Prometheus } from '../kube/kinds/monitoring';
import type { Container, Workload } from '../kube/kinds/pod';
import type { Labels } from '../kube/selector';
import type { MetricType } from '../model';
import { discoverTargets, scrapeJobs, type ScrapeJob, type Target } from '../operator';
import { exportedSeries } from './exported-series';
import type { Programs } from './programs';

/** A target that a Prometheus will have, and what is behind it. */
interface ScrapedTarget {
  readonly target: Target;
  /** What makes the pod behind it. */
  readonly workload?: Workload | undefined;
  readonly container?: Container | undefined;
  /** Whether it is known which series it gives. */
  readonly known: boolean;
  /** Whether it may give a series of this name besides those that are known. */
  readonly mayGive: (series: string) => boolean;
}

/** A series that a Prometheus will have: one for each target and name. */
export interface ScrapedSeries {
  readonly name: string;
  readonly type: MetricType;
  /** With `__name__`; a label whose values are not known in advance has the value `ANY_VALUE`. */
  readonly labels: Labels;
  readonly from: ScrapedTarget;
}

/** What one Prometheus scrapes. */
export interface Scrape {
  readonly prometheus: Prometheus;
  /** The StatefulSet that the operator makes of it. */
  readonly server: Workload;
  readonly jobs: readonly ScrapeJob[];
  readonly targets: readonly ScrapedTarget[];
  readonly series: readonly ScrapedSeries[];
  /** Why its scrape configuration cannot be worked out. */
  readonly problem?: string | undefined;
}

/** What every Prometheus among the objects scrapes. */
export function scrapesOf(inventory: Inventory, programs: Programs): readonly Scrape[] {
  const discovery = staticDiscovery(inventory);
  return inventory.prometheuses.map((prometheus) => {
    const server = prometheusWorkload(prometheus);
    try {
      const jobs = scrapeJobs(prometheus, inventory);
      const found = jobs
        .flatMap((job) => discoverTargets(job, discovery.state))
        .map((target) => scrapedTarget(target, target.pod && discovery.makerOf(target.pod), programs));
      return {
        prometheus,
        server,
        jobs,
        targets: found.map(({ target }) => target),
        series: found.flatMap(({ series }) => series),
      };
    } catch (error) {
      return { prometheus, server, jobs: [], targets: [], series: [], problem: messageOf(error) };
    }
  });
}

function scrapedTarget(
  target: Target,
  workload: Workload | undefined,
  programs: Programs,
): { readonly target: ScrapedTarget; readonly series: readonly ScrapedSeries[] } {
  const container = workload && containerBehind(target, workload);
  const program = workload && container && programs.of(workload, container);
  const silent = program?.exposes(target.port, target.metricsPath) === false;
  const known = silent || (program !== undefined && programs.knowsExportsOf(program));
  const from = {
    target,
    workload,
    container,
    known,
    mayGive: (series: string) => !known && (program?.exportsMore?.(series) ?? true),
  };
  const exports = silent ? undefined : program?.exports;
  return {
    target: from,
    series: exports ? exportedSeries(exports, target).map((series) => ({ ...series, from })) : [],
  };
}

/** The container that declares the port, or the only one there is. */
function containerBehind(target: Target, workload: Workload): Container | undefined {
  const containers = servingContainers(workload.spec.template.spec);
  return (
    containers.find(({ ports }) => ports?.some(({ containerPort }) => containerPort === target.port)) ??
    (containers.length === 1 ? containers[0] : undefined)
  );
}
