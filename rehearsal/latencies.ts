import { parseGoDuration } from '../core/kube/duration';
import { namespaceOf } from '../core/kube/inventory';
import type { Workload } from '../core/kube/kinds/pod';
import type { Scenario } from '../core/model';

/** How long it takes from a request to its answer, as the scenario says it. Milliseconds. */
export class Latencies {
  /** Of whatever the scenario does not name, and of requests that go nowhere. */
  readonly usual: number;
  private readonly byWorkload = new Map<string, number>();

  constructor({ latency }: Scenario) {
    this.usual = parseGoDuration(latency);
  }

  /** @param name namespace/name of a workload */
  change(name: string, latencyMs: number): void {
    this.byWorkload.set(name, latencyMs);
  }

  of(workload: Workload): number {
    return this.byWorkload.get(`${namespaceOf(workload)}/${workload.metadata.name}`) ?? this.usual;
  }
}
