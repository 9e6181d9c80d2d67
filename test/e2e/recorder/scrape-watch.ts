import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parsePrometheusDuration } from '../../../core/kube/duration';
import type { ScrapePhase } from '../../../rehearsal';
import { nodeIndexOf } from '../sandbox/addresses';

const POLL_MS = 2000;
const PORT = 9090;
const PROMETHEUS_PODS = '/api/v1/pods?labelSelector=app.kubernetes.io%2Fname%3Dprometheus';

const podList = z.object({
  items: z.array(z.object({ status: z.object({ podIP: z.string().optional() }).optional() })),
});
const targetsReply = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        scrapePool: z.string(),
        scrapeUrl: z.string(),
        /** RFC 3339; the year 1 before the first scrape. */
        lastScrape: z.string(),
        scrapeInterval: z.string(),
      }),
    ),
  }),
});

/** A target of Prometheus, and one of the moments at which it was scraped, by the clock of the machine. */
interface WatchedTarget {
  readonly job: string;
  readonly node: string | undefined;
  readonly atMs: number;
  readonly intervalMs: number;
}

/** Whatever answers GETs of kube-apiserver. */
interface Reader {
  get(path: string): Promise<unknown>;
}

/** Asks the Prometheus of a cluster again and again when it scraped its targets: they come and go. */
export class ScrapeWatch {
  private readonly stopping = new AbortController();
  /** In the order in which they were first scraped. */
  private readonly targets = new Map<string, WatchedTarget>();

  /** @param nodes names, in the order of their addresses */
  constructor(
    private readonly client: Reader,
    private readonly nodes: readonly string[],
  ) {
    void this.run();
  }

  /**
   * By job, on which node each of its targets is, and how much later than whole intervals it was scraped, counted from a
   * moment.
   * @param zeroMs of the machine's clock
   */
  phases(zeroMs: number): Record<string, ScrapePhase[]> {
    const phases: Record<string, ScrapePhase[]> = {};
    for (const { job, node, atMs, intervalMs } of this.targets.values()) {
      const phase = (((atMs - zeroMs) % intervalMs) + intervalMs) % intervalMs;
      (phases[job] ??= []).push({ node, phaseMs: Math.round(phase) });
    }
    return phases;
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // It is not there yet, or a fault has ended it.
      await this.look().catch(() => undefined);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const { items } = podList.parse(await this.client.get(PROMETHEUS_PODS));
    for (const { status } of items) {
      if (status?.podIP === undefined) continue;
      const url = `http://${status.podIP}:${PORT}/api/v1/targets?state=active`;
      const reply = await fetch(url, { signal: AbortSignal.timeout(POLL_MS) });
      const { activeTargets } = targetsReply.parse((await reply.json()) satisfies unknown).data;
      activeTargets
        .map((target) => ({ ...target, atMs: Date.parse(target.lastScrape) }))
        .filter(({ atMs }) => atMs > 0)
        .sort((a, b) => a.atMs - b.atMs)
        .forEach(({ scrapePool, scrapeUrl, scrapeInterval, atMs }) => {
          const intervalMs = parsePrometheusDuration(scrapeInterval);
          const key = `${scrapePool} ${scrapeUrl}`;
          if (this.targets.has(key)) return;
          const index = nodeIndexOf(new URL(scrapeUrl).hostname);
          const node = index === undefined ? undefined : this.nodes[index];
          this.targets.set(key, { job: scrapePool, node, atMs, intervalMs });
        });
    }
  }
}
