import { messageOf } from '../../../core/errors';
import type { Inventory } from '../../../core/kube/inventory';
import type { KubeObject } from '../../../core/kube/object';
import { scrapeJobs, type ScrapeJob } from '../../../core/operator';
import { comparableJob, jobDifferences } from './comparable-job';
import { jobsOfConfiguration } from './configuration';
import type { OperatedCluster } from './operated-cluster';

/**
 * The jobs that a Prometheus object has among others, and how the operator's differ from them.
 * @throws Error naming the Prometheus, if the operator makes nothing of it
 */
export async function compareJobs(
  operated: OperatedCluster,
  prometheus: KubeObject,
  inventory: Inventory,
): Promise<{ readonly jobs: readonly ScrapeJob[]; readonly differences: readonly string[] }> {
  const answer = await operated.answerOn(prometheus);
  if (answer.refusal !== undefined) throw new Error(`${prometheus.metadata.name}: ${answer.refusal}`);
  const jobs = ownJobs(prometheus, inventory);
  const theirs = jobsOfConfiguration(answer.configuration, 0);
  return { jobs, differences: jobDifferences(jobs.map(comparableJob), theirs) };
}

/**
 * The jobs that the project makes of a Prometheus object among others.
 * @throws Error naming the Prometheus, if it makes none
 */
export function ownJobs({ metadata: { name, namespace } }: KubeObject, inventory: Inventory): ScrapeJob[] {
  const owner = inventory.prometheuses.find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  if (!owner) throw new Error(`no Prometheus ${name}`);
  try {
    return scrapeJobs(owner, inventory);
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

/** Says what was compared: a suite that compares nothing would pass as well. */
export function report(line: string): void {
  process.stdout.write(`operator: ${line}\n`);
}
