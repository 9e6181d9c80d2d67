import type { z } from 'zod';
import type { HelmRelease, StackImage } from '../core/model';
import { configReloaderFor, prometheusOperatorCrds } from '../constructs';
import { image, version } from './option-fields';

/** Options of the Prometheus and its operator, which every stack has. */
export const monitoringOptions = {
  operatorCrds: version('31.0.0', 'version of the prometheus-operator-crds chart'),
  prometheusImage: image('quay.io/prometheus/prometheus:v3.14.0', 'image of Prometheus'),
  operatorImage: image(
    'quay.io/prometheus-operator/prometheus-operator:v0.93.0',
    'image of the Prometheus Operator; its config reloader has the same tag',
  ),
};
/** What was chosen of {@link monitoringOptions}. */
export type MonitoringOptions = {
  readonly [Option in keyof typeof monitoringOptions]: z.infer<(typeof monitoringOptions)[Option]>;
};

/** Options of what only some stacks have beside them. */
export const grafanaImage = image('docker.io/grafana/grafana:13.2.3', 'image of Grafana');
export const metricsServerImage = image(
  'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
  'image of metrics-server',
);

/** The chart that brings the operator's kinds. */
export function operatorKinds({ operatorCrds }: MonitoringOptions, namespace: string): HelmRelease {
  return prometheusOperatorCrds({ version: operatorCrds, namespace, before: 'operators' });
}

/** The images of Prometheus and its operator. */
export function monitoringImages({ operatorImage, prometheusImage }: MonitoringOptions): StackImage[] {
  return [
    { name: 'prometheus-operator', reference: operatorImage },
    { name: 'prometheus-config-reloader', reference: configReloaderFor(operatorImage) },
    { name: 'prometheus', reference: prometheusImage },
  ];
}
