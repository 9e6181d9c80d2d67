import type { HelmRelease } from '../core/model';

/** Kinds that the stacks' monitoring is made of. */
const WAITED_FOR = ['prometheuses', 'servicemonitors', 'podmonitors'];

/** The custom resource definitions of the Prometheus Operator, by the community's chart. */
export function prometheusOperatorCrds(props: {
  readonly version: string;
  readonly namespace: string;
  /** Stage of the stack before which they are installed. */
  readonly before: string;
}): HelmRelease {
  return {
    name: 'prometheus-operator-crds',
    chart: 'prometheus-operator-crds',
    repository: 'https://prometheus-community.github.io/helm-charts',
    values: {},
    provides: [],
    readyWhen: WAITED_FOR.map((plural) => ({
      kind: 'CustomResourceDefinition',
      name: `${plural}.monitoring.coreos.com`,
    })),
    ...props,
  };
}
