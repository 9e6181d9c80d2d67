import type { Inventory } from '../kube/inventory';
import type { CronJob, Job } from '../kube/kinds/job';
import type { Workload } from '../kube/kinds/pod';
import type { Labels } from '../kube/selector';

/**
 * Everything that brings pods about, in the order of the kinds and objects: workloads, and what makes pods otherwise in
 * the form of a workload: Jobs, CronJobs, and bare Pods with themselves as template.
 */
export function podMakers(inventory: Inventory): readonly Workload[] {
  const { workloads, jobs, cronJobs, pods } = inventory;
  const bare = pods.map(({ apiVersion, kind, metadata, spec }): Workload => {
    const { labels, annotations } = metadata;
    return {
      apiVersion,
      kind,
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations }, spec },
      },
    };
  });
  return [...workloads, ...jobs.map(jobMaker), ...cronJobs.map(cronJobMaker), ...bare];
}

/** Labels that the pods of a Job get besides those of its template, but for the UID. */
export function jobLabels(name: string): Labels {
  return { 'batch.kubernetes.io/job-name': name, 'job-name': name };
}

function jobMaker({ apiVersion, kind, metadata, spec }: Job): Workload {
  const { template } = spec;
  const added = jobLabels(metadata.name);
  const labels = { ...template.metadata?.labels, ...added };
  return {
    apiVersion,
    kind,
    metadata,
    spec: {
      selector: { matchLabels: added },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** The names of its Jobs are not known, so the labels that they give are not among those of the template. */
function cronJobMaker({ apiVersion, kind, metadata, spec }: CronJob): Workload {
  const { template } = spec.jobTemplate.spec;
  return {
    apiVersion,
    kind,
    metadata,
    spec: { selector: { matchLabels: template.metadata?.labels }, template },
  };
}
