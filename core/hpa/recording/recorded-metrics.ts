import { UsageError } from '../../errors';
import { type Int64 } from '../../kube/int64';
import { type Failure, type MetricsClient, type PodMetric, type PodMetrics } from '../controller/inputs';
import { fromSeconds, type Nanoseconds } from '../time';
import { type WrittenMetrics } from './schema';

/** The client assumes this window for a sample of a custom metric. */
const CUSTOM_WINDOW = fromSeconds(60);

/** The answers of the metrics APIs that a sync of a recording holds. */
export class RecordedMetrics implements MetricsClient {
  private readonly errors: ReadonlyMap<string, Failure>;
  private readonly resources: ReadonlyMap<string, PodMetrics>;
  private readonly custom: ReadonlyMap<string, PodMetrics>;
  private readonly objects: ReadonlyMap<string, Int64>;
  private readonly externals: ReadonlyMap<string, readonly Int64[]>;

  /** @param now of the sync: samples of custom metrics are that fresh */
  constructor({ errors, resource, pods, object, external }: WrittenMetrics, now: Nanoseconds) {
    this.errors = mapOf(errors, (error) => ({ error }));
    this.resources = mapOf(resource, (samples) =>
      mapOf(samples, ({ value, timestamp, window }): PodMetric => ({
        value,
        timestamp: fromSeconds(timestamp ?? 0),
        window: fromSeconds(window ?? 0),
      })),
    );
    this.custom = mapOf(pods, (values) =>
      mapOf(values, (value): PodMetric => ({ value, timestamp: now, window: CUSTOM_WINDOW })),
    );
    this.objects = mapOf(object, (value) => value);
    this.externals = mapOf(external, (series) => series ?? []);
  }

  resource(name: string, container?: string): PodMetrics | Failure {
    const key = container === undefined ? name : `${name}/${container}`;
    return this.failure('resource', key) ?? samplesOr('resource', this.resources.get(key));
  }

  pods(metricName: string): PodMetrics | Failure {
    return this.failure('pods', metricName) ?? samplesOr('custom', this.custom.get(metricName));
  }

  /** @throws UsageError if the recording has neither a value nor an error */
  object(metricName: string): Int64 | Failure {
    return this.failure('object', metricName) ?? recorded('object', metricName, this.objects);
  }

  /** @throws UsageError if the recording has neither a value nor an error */
  external(metricName: string): readonly Int64[] | Failure {
    return this.failure('external', metricName) ?? recorded('external', metricName, this.externals);
  }

  private failure(kind: string, name: string): Failure | undefined {
    return this.errors.size === 0 ? undefined : this.errors.get(`${kind}/${name}`);
  }
}

/** An answer without items is an error of the client's own. */
function samplesOr(api: string, samples: PodMetrics | undefined): PodMetrics | Failure {
  return samples?.size ? samples : { error: `no metrics returned from ${api} metrics API` };
}

function recorded<Value>(kind: string, name: string, values: ReadonlyMap<string, Value>): Value {
  const value = values.get(name);
  if (value === undefined) {
    throw new UsageError(`metrics.${kind}.${name}: is missing, and metrics.errors does not name it either`);
  }
  return value;
}

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

function mapOf<Written, Value>(
  record: Readonly<Record<string, Written>> | null | undefined,
  read: (written: Written) => Value,
): ReadonlyMap<string, Value> {
  let result: Map<string, Value> | undefined;
  for (const key in record) {
    const written = record[key];
    if (written !== undefined) (result ??= new Map()).set(key, read(written));
  }
  return result ?? NOTHING;
}
