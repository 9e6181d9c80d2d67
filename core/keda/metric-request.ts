import type { Selector } from '../kube/selector';
import { requirementText } from '../kube/selector-requirement';
import { OWNER_LABEL } from './scaled-object';

/**
 * The ScaledObject that a request for an external metric is about (`GetExternalMetric` of pkg/provider/provider.go).
 * @returns the error that the metrics API server answers with if the selector does not say it
 */
export function scaledObjectIn({ requirements }: Selector): string | { readonly error: string } {
  const unequal = requirements.find(({ operator }) => operator !== '=');
  if (unequal) return { error: `invalid selector: ${requirementText(unequal)}` };
  const [name = ''] = requirements.find(({ key }) => key === OWNER_LABEL)?.values ?? [];
  return name === '' ? { error: 'scaledObject name is not specified' } : name;
}

/** What the operator answers over gRPC, as the metrics API server passes it on (pkg/metricsservice/server.go). */
export function operatorError(cause: string): string {
  return `rpc error: code = Unknown desc = error when getting metric values ${cause}`;
}
