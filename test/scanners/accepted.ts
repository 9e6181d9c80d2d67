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
    object: /(Deployment|DaemonSet|CronJob) .*/,
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
    object: /Deployment .*\/custom-metrics-apiserver/,
    reason: 'while it is away autoscalers keep the size that they have',
  },
  {
    stack: 'every',
    check: 'deployment-replicas',
    object: /Deployment .*\/metrics-server/,
    reason:
      'while it is away autoscalers keep the size that they have; that of upstream has one replica as well',
  },
  {
    stack: 'kind',
    check: 'horizontalpodautoscaler-replicas',
    object: /HorizontalPodAutoscaler backend\/backend-[12]/,
    reason: 'the stack shows how one pod becomes two or five; --set min=2 for more',
  },
  {
    stack: 'minikube',
    check: 'deployment-replicas',
    object: /Deployment sportsbook\/sb-api/,
    reason:
      'kube-score does not know that KEDA makes an autoscaler of a ScaledObject, with two pods at least',
  },
  {
    stack: 'aks',
    check: 'container-security-context-user-group-id',
    object: /Deployment hpa-walkthrough\/nginx/,
    reason: "101 is the user that nginx's image is made for",
  },
  {
    stack: 'aks',
    check: 'pod-probes-identical',
    object: /Deployment hpa-walkthrough\/nginx/,
    reason:
      'it waits for nothing, so whoever answers is ready; liveness waits four times as long as readiness',
  },
  {
    stack: 'aks',
    check: 'deployment-replicas',
    object: /Deployment hpa-walkthrough\/prom-fake/,
    reason: 'it keeps one value in memory: two pods would have two',
  },
  {
    stack: 'aks',
    check: 'horizontalpodautoscaler-replicas',
    object: /HorizontalPodAutoscaler hpa-walkthrough\/nginx/,
    reason: 'the stack shows how one pod becomes ten and one again; --set min=2 for more',
  },
  {
    stack: 'eks-fargate',
    check: 'container-security-context-user-group-id',
    object: /Deployment demo\/podinfo/,
    reason: "100 is the user that podinfo's image is made for",
  },
  {
    stack: 'eks-fargate',
    check: 'horizontalpodautoscaler-replicas',
    object: /HorizontalPodAutoscaler demo\/podinfo/,
    reason: 'the stack shows how one pod becomes three and one again; --set min=2 for more',
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
  {
    stack: 'bare-metal',
    check: 'deployment-strategy',
    object: /Deployment opportunistic\/cluster-metrics/,
    reason:
      'the adapter adds up what it is told: with two exporters during a rollout the worker would see twice the slots',
  },
];
