import type { Labels } from '../kube/selector';

const META = '__meta_kubernetes_';

/** A Kubernetes label's key as it stands in the name of a meta label: `app.kubernetes.io/name` → `app_kubernetes_io_name`. */
export function metaLabelName(key: string): string {
  return key.replace(/[^a-zA-Z0-9_]/g, '_');
}

/** The meta labels that Prometheus gives any object: its name, labels and annotations. */
export function objectMetaLabels(
  kind: 'service' | 'pod' | 'node' | 'endpoints' | 'endpointslice',
  object: { readonly name: string; readonly labels: Labels; readonly annotations?: Labels | undefined },
): Labels {
  const result: Record<string, string> = { [`${META}${kind}_name`]: object.name };
  for (const [field, entries] of [
    ['label', object.labels],
    ['annotation', object.annotations ?? {}],
  ] as const) {
    for (const [key, value] of Object.entries(entries)) {
      result[`${META}${kind}_${field}_${metaLabelName(key)}`] = value;
      result[`${META}${kind}_${field}present_${metaLabelName(key)}`] = 'true';
    }
  }
  return result;
}
