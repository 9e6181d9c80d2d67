import { defaultRules as generated } from '../../../core/rules';

/** The rules that upstream generates with `--label-prefix=kube_ --rate-interval=1m`. */
export const defaultRules = generated({ labelPrefix: 'kube_', rateIntervalMs: 60_000, upstreamOnly: true });

export const containerSelector = '{__name__=~"^container_.*",container!="POD",namespace!="",pod!=""}';
export const namespacedSelector = '{kube_namespace!="",__name__!~"^container_.*"}';

const container = { pod: 'somepod', namespace: 'somens', container: 'somecont' };
const ingress = { kube_ingress: 'someingress', kube_service: 'somesvc', kube_namespace: 'somens' };

/** What Prometheus lists for them in upstream's tests. */
export const listed = new Map([
  [
    containerSelector,
    [
      { __name__: 'container_some_time_seconds_total', ...container },
      { __name__: 'container_some_count_total', ...container },
      { __name__: 'container_some_usage', ...container },
    ],
  ],
  [
    namespacedSelector,
    [
      { __name__: 'node_gigawatts', kube_node: 'somenode' },
      { __name__: 'service_proxy_packets', kube_service: 'somesvc', kube_namespace: 'somens' },
      { __name__: 'ingress_hits_total', ...ingress, kube_pod: 'backend1' },
      { __name__: 'ingress_hits_total', ...ingress, kube_pod: 'backend2' },
      { __name__: 'volume_claims_total', kube_persistentvolume: 'somepv' },
      { __name__: 'work_queue_wait_seconds_total', kube_deployment: 'somedep', kube_namespace: 'somens' },
      { __name__: 'node_fan_seconds_total', kube_node: 'somenode' },
    ],
  ],
]);
