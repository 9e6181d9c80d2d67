import type { Dashboard, TimeSeriesPanel } from './dashboard';
import { countOf, sumBy, type Reading } from './query';

/** An autoscaled workload as a dashboard shows it. */
interface RequestedWorkload<Label extends string> {
  readonly name: string;
  /** Requests a second wanted per pod. */
  readonly target: number;
  /** Requests a second that arrive at the workload. */
  readonly requests: Reading<Label>;
}

/** What a dashboard about autoscaled workloads shows. */
export interface RequestDashboardProps<Label extends string> extends Omit<Dashboard, 'rows'> {
  readonly workloads: readonly RequestedWorkload<Label>[];
  /** Label of the series that names the pod that got the requests. */
  readonly podLabel: NoInfer<Label>;
}

/** One row per workload: what arrives, what each pod gets of it, and how many pods share it. */
export function requestDashboard<Label extends string>(props: RequestDashboardProps<Label>): Dashboard {
  const { workloads, podLabel, ...rest } = props;
  return { ...rest, rows: workloads.map((workload) => row(workload, podLabel)) };
}

function row<Label extends string>(
  { name, target, requests }: RequestedWorkload<Label>,
  podLabel: NoInfer<Label>,
): TimeSeriesPanel[] {
  const total = sumBy(requests);
  // The series of a pod that is gone stays for a while, with a rate of 0.
  const pods = countOf(`${sumBy(requests, [podLabel])} > 0`);
  return [
    { title: `${name}: requests`, unit: 'reqps', queries: [{ expr: total, legend: 'requests' }] },
    {
      title: `${name}: requests per pod`,
      unit: 'reqps',
      queries: [
        { expr: `${total} / ${pods}`, legend: 'per pod' },
        { expr: String(target), legend: 'target' },
      ],
    },
    {
      title: `${name}: replicas`,
      description: 'Pods that got requests within the rate window.',
      unit: 'short',
      queries: [{ expr: pods, legend: 'replicas' }],
    },
  ];
}
