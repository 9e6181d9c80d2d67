import { route, type Routed } from '../../../../core/adapter/api';

export const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta1';
export const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
export const USAGE = '/apis/metrics.k8s.io/v1beta1';

export function get(target: string): Routed {
  return route('GET', target);
}

/** The code of a refusal, or the kind of what is served. */
export function outcome(routed: Routed): number | string {
  return routed.kind === 'refused' ? routed.status.code : routed.kind;
}

export function message(routed: Routed): string {
  return routed.kind === 'refused' ? routed.status.message : `not refused: ${routed.kind}`;
}
