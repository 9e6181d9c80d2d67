import { UsageError } from '../errors';
import type { TriggerManifest } from '../kube/kinds/keda';
import { Quantity } from '../kube/quantity';
import { TriggerMetadata, type TriggerKeys } from './trigger-metadata';

const MAX_INT32 = 2 ** 31 - 1;

/** The CPU or memory scaler, which leaves everything to the autoscaler (pkg/scalers/cpu_memory_scaler.go). */
export interface ResourceTrigger extends TriggerKeys {
  readonly type: 'cpu' | 'memory';
  readonly index: number;
  /** The one container that is measured; all of the pod without it. */
  readonly container?: string | undefined;
  readonly target:
    | { readonly type: 'Utilization'; readonly averageUtilization: number }
    | { readonly type: 'AverageValue'; readonly averageValue: Quantity };
}

/** @throws UsageError in KEDA's words if the scaler cannot be built of it */
export function resourceTrigger(
  type: ResourceTrigger['type'],
  manifest: TriggerManifest,
  index: number,
): ResourceTrigger {
  const metadata = new TriggerMetadata(manifest.metadata);
  const prefix = `error parsing ${type} metadata`;
  if (metadata.text('type') !== undefined) {
    throw new UsageError(
      `${prefix}: scaler ${type} info: The 'type' setting is DEPRECATED and is removed in v2.18 - Use 'metricType' instead.`,
    );
  }
  const value = metadata.required('value');
  const container = metadata.text('containerName');
  metadata.finish(prefix);
  const target = targetOf(manifest.metricType ?? '', value, prefix);
  return { type, index, container, target, ...metadata.keys };
}

function targetOf(metricType: string, value: string, prefix: string): ResourceTrigger['target'] {
  switch (metricType) {
    case 'AverageValue':
      return { type: 'AverageValue', averageValue: Quantity.parse(value) };
    case 'Utilization': {
      const percent = Number(value);
      if (!/^[+-]?\d+$/.test(value) || Math.abs(percent) > MAX_INT32) {
        const cause = /^[+-]?\d+$/.test(value) ? 'value out of range' : 'invalid syntax';
        throw new UsageError(`${prefix}: strconv.ParseInt: parsing ${JSON.stringify(value)}: ${cause}`);
      }
      return { type: 'Utilization', averageUtilization: percent };
    }
    default:
      throw new UsageError(
        `${prefix}: unknown metric type: ${metricType}, allowed values are 'Utilization' or 'AverageValue'`,
      );
  }
}
