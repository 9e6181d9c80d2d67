import type { Labels } from '../kube/selector';
import type { ScrapeJob } from './scrape-job';

/** One thing Prometheus scrapes. */
export interface Target {
  readonly job: ScrapeJob;
  /** Labels every series of it gets: with `job` and `instance`, without any that begins with `__`. */
  readonly labels: Labels;
  /** `__address__` after relabelling: `host:port`, or a host alone. */
  readonly address: string;
  readonly host: string;
  /** Port of the address; 80 or 443 by scheme where the address names none. */
  readonly port: number;
  readonly scheme: string;
  readonly metricsPath: string;
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** The pod that answers at the address, where one does. */
  readonly pod?: { readonly namespace: string; readonly name: string } | undefined;
}
