import { NotSupportedError, UsageError } from '../errors';
import type { TriggerManifest } from '../kube/kinds/keda';
import { TriggerMetadata, type TriggerKeys } from './trigger-metadata';

/** Parameters of a query that change its result; others leave a Prometheus unmoved. */
const RESULT_PARAMETERS = ['limit', 'lookback_delta'];

/** The Prometheus scaler of a ScaledObject (`prometheusMetadata` of pkg/scalers/prometheus_scaler.go). */
export interface PrometheusTrigger extends TriggerKeys {
  readonly type: 'prometheus';
  /** Position among all triggers of the ScaledObject. */
  readonly index: number;
  /** Name of the external metric. */
  readonly metric: string;
  /** What the autoscaler compares: `AverageValue` unless the trigger says otherwise. */
  readonly metricType: string;
  /** Base URL of Prometheus. */
  readonly serverAddress: string;
  readonly query: string;
  readonly threshold: number;
  /** A value above it makes the ScaledObject active. */
  readonly activationThreshold: number;
  /** Whether an empty result, NaN and infinities count as 0; else they are errors. */
  readonly ignoreNullValues: boolean;
}

/**
 * @throws UsageError in KEDA's words if the scaler cannot be built of it
 * @throws NotSupportedError for authentication and for parameters that change the query's result
 */
export function prometheusTrigger(manifest: TriggerManifest, index: number): PrometheusTrigger {
  const { metricType = '' } = manifest;
  if (metricType === 'Utilization') {
    throw new UsageError(
      "error getting scaler metric type: 'Utilization' metric type is unsupported for external metrics, allowed values are 'Value' or 'AverageValue'",
    );
  }
  const metadata = new TriggerMetadata(manifest.metadata);
  refuseAuthentication(metadata);
  // Of an API key, and looked at without one too.
  metadata.choice('method', ['header', 'query']);
  const serverAddress = metadata.required('serverAddress');
  const query = metadata.required('query');
  refuseResultParameters(metadata.pairs('queryParameters'));
  const threshold = metadata.number('threshold', 'required');
  const activationThreshold = metadata.number('activationThreshold', 0);
  // For proxies in front of Prometheus; it ignores them itself.
  metadata.text('namespace');
  metadata.pairs('customHeaders');
  const ignoreNullValues = metadata.boolean('ignoreNullValues', true);
  metadata.boolean('unsafeSsl', false);
  metadata.duration('timeout');
  metadata.text('identityOwner');
  metadata.finish('error parsing prometheus metadata: error parsing prometheus metadata');
  return {
    type: 'prometheus',
    index,
    metric: `s${index}-prometheus`,
    metricType: metricType === '' ? 'AverageValue' : metricType,
    serverAddress,
    query,
    threshold,
    activationThreshold,
    ignoreNullValues,
    ...metadata.keys,
  };
}

function refuseAuthentication(metadata: TriggerMetadata): void {
  for (const key of ['authModes', 'authMode', 'awsRegion']) {
    if (metadata.text(key) !== undefined) throw new NotSupportedError(`${key} of a prometheus trigger`);
  }
}

function refuseResultParameters(parameters: ReadonlyMap<string, string>): void {
  const changing = RESULT_PARAMETERS.find((name) => parameters.has(name));
  if (changing !== undefined)
    throw new NotSupportedError(`${changing} among queryParameters of a prometheus trigger`);
}
