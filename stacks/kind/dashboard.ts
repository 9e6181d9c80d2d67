import { requestDashboard, type Dashboard, type Reading } from '../../constructs';
import type { Options } from './options';
import type { Backend } from './workload';

/**
 * Requests and replicas of each backend.
 * @param requestsTo what counts the requests to one of them
 */
export function dashboardOf(
  { scrapeInterval }: Options,
  backends: readonly Backend[],
  requestsTo: (backend: Backend) => Reading,
): Dashboard {
  return requestDashboard({
    uid: 'plimsoll-kind',
    title: 'Requests and replicas',
    refresh: scrapeInterval,
    podLabel: 'destination_pod',
    workloads: backends.map((backend) => ({
      name: backend.app.name,
      target: backend.target,
      requests: requestsTo(backend),
    })),
  });
}
