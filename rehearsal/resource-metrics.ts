import { RESOURCE_METRICS_GROUP } from '../core/chain';
import { fromMilliseconds, fromSeconds, type Failure, type PodMetric, type PodMetrics } from '../core/hpa';
import type { MetricsServer } from './metrics-server';
import type { PodUsage } from './metrics-storage';

const GOT = `get pods.${RESOURCE_METRICS_GROUP}`;
const NANOS_PER_MILLI = 1e6;
const MILLI = 1000;
/** Since this version of the controller's client, a pod without the container that is asked for is left out. */
const LEAVES_OUT_SINCE = 33;

/** Why there is no metric: what the controller is told, and what is the matter. */
interface Unknown extends Failure {
  readonly problem: string;
}

/** What an autoscaler asks for of its pods. */
interface Question {
  readonly resource: string;
  /** The container that alone counts. */
  readonly container: string | undefined;
  readonly namespace: string;
  /** Names of the pods that the selector lists. */
  readonly names: readonly string[];
}

/** The API of resource metrics, as the controller's client hands it over (`podautoscaler/metrics/client.go`). */
export class ResourceMetrics {
  /**
   * @param server undefined if no APIService is of resource metrics
   * @param minor number after `1.` of the controller's version
   */
  constructor(
    private readonly server: MetricsServer | undefined,
    private readonly minor: number,
  ) {}

  get(question: Question): PodMetrics | Unknown {
    const { server } = this;
    if (!server) {
      return failed(
        `the server could not find the requested resource (${GOT})`,
        `no APIService of ${RESOURCE_METRICS_GROUP} is among the objects`,
      );
    }
    const unavailable = server.unavailable();
    if (unavailable !== undefined) {
      return failed(
        `the server is currently unable to handle the request (${GOT})`,
        `${RESOURCE_METRICS_GROUP} is not available: ${unavailable}`,
      );
    }
    if (server.undelegated !== undefined) {
      const cause = 'subjectaccessreviews.authorization.k8s.io is forbidden';
      return failed(
        `an error on the server ("Internal Server Error: ${cause}") has prevented the request from succeeding (${GOT})`,
        `${RESOURCE_METRICS_GROUP} refuses everybody: ${server.undelegated}`,
      );
    }
    const usages = server.usageOf(question.namespace, question.names);
    if (usages.size === 0) {
      const problem = `resource metric ${question.resource}: two samples of each container are needed, and of no pod there are`;
      return { error: 'no metrics returned from resource metrics API', problem };
    }
    return this.metricsOf(usages, question);
  }

  private metricsOf(
    usages: ReadonlyMap<string, PodUsage>,
    { resource, container, namespace }: Question,
  ): PodMetrics | Unknown {
    const metrics = new Map<string, PodMetric>();
    for (const [name, usage] of usages) {
      const asked = usage.containers.filter((one) => container === undefined || one.name === container);
      if (asked.length === 0 && this.minor < LEAVES_OUT_SINCE) {
        const error = `container ${container} not present in metrics for pod ${namespace}/${name}`;
        return { error, problem: error };
      }
      const value = asked.reduce<number | undefined>((sum, one) => plus(sum, milliOf(one, resource)), 0);
      if (asked.length > 0 && value !== undefined) metrics.set(name, sampleOf(usage, value));
    }
    return metrics;
  }
}

/** Times are told to the second. */
function sampleOf({ atMs, windowMs }: PodUsage, value: number): PodMetric {
  return { value, timestamp: fromSeconds(Math.floor(atMs / MILLI)), window: fromMilliseconds(windowMs) };
}

/** Milli-units, rounded up; undefined for a resource that metrics-server does not measure. */
function milliOf({ cpu, memory }: PodUsage['containers'][number], resource: string): number | undefined {
  if (resource === 'cpu') return Math.ceil(cpu / NANOS_PER_MILLI);
  return resource === 'memory' ? memory * MILLI : undefined;
}

function plus(sum: number | undefined, value: number | undefined): number | undefined {
  return sum === undefined || value === undefined ? undefined : sum + value;
}

function failed(message: string, problem: string): Unknown {
  return { error: `unable to fetch metrics from resource metrics API: ${message}`, problem };
}
