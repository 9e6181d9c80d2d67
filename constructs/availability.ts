import { Construct } from 'constructs';
import type { Labels } from '../core/kube/selector';
import type { App } from './app';
import { k8s } from './kubernetes';

/** Whether an app is meant to have more than one pod at times, so that losing one need not interrupt it. */
export function isReplicated({ replicas }: App): boolean {
  return replicas === 'autoscaled' || replicas > 1;
}

/** Has the scheduler put pods onto different nodes as long as it can: one node that fails takes few of them. */
export function apart(podLabels: Labels): k8s.Affinity {
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { ...podLabels } },
          },
        },
      ],
    },
  };
}

/**
 * Lets a drain of nodes take a quarter of an app's pods at a time. The quarter is rounded up, so the only pod of an
 * app that is scaled down does not block the drain; nor do pods that are not ready.
 */
export class DisruptionBudget extends Construct {
  constructor(scope: Construct, id: string, { app }: { readonly app: App }) {
    super(scope, id);
    const { name, namespace, podLabels } = app;
    new k8s.KubePodDisruptionBudget(this, 'PodDisruptionBudget', {
      metadata: { name, namespace },
      spec: {
        maxUnavailable: k8s.IntOrString.fromString('25%'),
        selector: { matchLabels: { ...podLabels } },
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    });
  }
}
