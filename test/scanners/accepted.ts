/** A finding that stays, and why. */
export interface Accepted {
  /** Name of the stack; `every` for what constructs render in whichever stack uses them. */
  readonly stack: string;
  /** Id of kube-score's check. */
  readonly check: string;
  /** Matches `Kind namespace/name` as a whole. */
  readonly object: RegExp;
  readonly reason: string;
}

/**
 * Findings of kube-score that are accepted; kubeconform has no exceptions. An entry that accepts nothing any more
 * fails the tests: remove it.
 */
export const ACCEPTED: readonly Accepted[] = [
  {
    stack: 'every',
    check: 'container-image-pull-policy',
    object: /(Deployment|DaemonSet) .*/,
    reason:
      'images have fixed tags, and those of this project are loaded into the nodes: with Always, pods of the latter ' +
      'would never start, and the others would need their registry at every restart',
  },
  {
    stack: 'every',
    check: 'pod-probes-identical',
    object: /Deployment .*\/prometheus-operator/,
    reason:
      'the operator has one path for its health, /healthz; liveness waits four times as long as readiness',
  },
  {
    stack: 'every',
    check: 'container-security-context-user-group-id',
    object: /Deployment .*\/grafana/,
    reason: "472 is the user that Grafana's image is made for",
  },
  {
    stack: 'every',
    check: 'deployment-replicas',
    object: /Deployment .*\/grafana/,
    reason: 'it shows what others keep: a new pod is as good as the one before',
  },
  {
    stack: 'every',
    check: 'deployment-replicas',
    object: /Deployment custom-metrics\/custom-metrics-apiserver/,
    reason: 'while it is away autoscalers keep the size that they have',
  },
  {
    stack: 'kind',
    check: 'pod-probes-identical',
    object: /Deployment backend\/backend-[12]/,
    reason:
      'they wait for nothing, so whoever answers is ready; liveness waits four times as long as readiness',
  },
  {
    stack: 'kind',
    check: 'horizontalpodautoscaler-replicas',
    object: /HorizontalPodAutoscaler backend\/backend-[12]/,
    reason: 'the stack shows how one pod becomes two or five; --set min=2 for more',
  },
  {
    stack: 'bare-metal',
    check: 'container-image-pull-policy',
    object: /CronJob load-test\/shell-demo/,
    reason: 'its image has a fixed tag',
  },
  {
    stack: 'bare-metal',
    check: 'cronjob-has-deadline',
    object: /CronJob load-test\/shell-demo/,
    reason: 'it is suspended: people make Jobs of it, no schedule does',
  },
  {
    stack: 'bare-metal',
    check: 'deployment-replicas',
    object: /Deployment metrics-server\/metrics-server/,
    reason: 'as upstream has it; no autoscaler of the stack reads what it serves',
  },
  {
    stack: 'bare-metal',
    check: 'deployment-replicas',
    object: /Deployment monitoring\/kube-state-metrics/,
    reason: 'several would export every series several times',
  },
  {
    stack: 'bare-metal',
    check: 'deployment-replicas',
    object: /Deployment opportunistic\/cluster-metrics/,
    reason: 'the metric is a sum: a second exporter would double the capacity',
  },
];
