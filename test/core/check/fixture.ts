import { parseAllDocuments } from 'yaml';
import type { Finding } from '../../../core/check';
import { parseObject, refText } from '../../../core/kube/object';
import type { SourcedObject } from '../../../core/model';
import {
  ADAPTER,
  adapterAccess,
  clusterRoleBinding,
  deployment,
  OPERATOR,
  PROMETHEUS_SERVICE,
  roleBinding,
  serviceAccount,
} from '../../support/chain';

const BACKEND = deployment(
  'shop',
  'backend',
  `
automountServiceAccountToken: false
securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
containers:
  - name: backend
    image: plimsoll/backend:1.0.0
    ports: [{ name: http, containerPort: 8080 }]
    resources: { requests: { cpu: 100m, memory: 64Mi } }
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }`,
);

/** A complete chain: load, backend behind an L7 policy, Hubble, Prometheus, adapter, autoscaler, default deny. */
const CHAIN = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: restricted } }
---
apiVersion: v1
kind: Namespace
metadata: { name: monitoring }
---
${BACKEND}
---
apiVersion: v1
kind: Service
metadata: { name: backend, namespace: shop, labels: { app: backend } }
spec:
  selector: { app: backend }
  ports: [{ name: http, port: 80, targetPort: http }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: load, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: load } }
  template:
    metadata: { labels: { app: load } }
    spec:
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: vegeta
          image: plimsoll/load-test:1.0.0
          args: [attack, -targets=/targets/list, -rate=50/s, -keepalive=false]
          volumeMounts: [{ name: targets, mountPath: /targets }]
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
      volumes: [{ name: targets, configMap: { name: load-targets } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: load-targets, namespace: shop }
data:
  list: |
    POST http://backend.shop.svc:80/echo
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: backend, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: backend } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: load } }]
      toPorts:
        - ports: [{ port: "8080", protocol: TCP }]
          rules: { http: [{ method: POST, path: /echo }] }
    - fromEndpoints: [{ matchLabels: { prometheus: main, k8s:io.kubernetes.pod.namespace: monitoring } }]
      toPorts: [{ ports: [{ port: "8080", protocol: TCP }] , rules: { http: [{ method: GET, path: /metrics }] } }]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: load, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: load } }
  egress:
    - toEndpoints: [{ matchLabels: { app: backend } }]
      toPorts: [{ ports: [{ port: "8080", protocol: TCP }] }]
    - toEndpoints: [{ matchLabels: { k8s-app: kube-dns, k8s:io.kubernetes.pod.namespace: kube-system } }]
      toPorts: [{ ports: [{ port: "53", protocol: ANY }] }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: cilium, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: cilium } }
  template:
    metadata: { labels: { k8s-app: cilium } }
    spec:
      hostNetwork: true
      containers:
        - name: cilium-agent
          image: quay.io/cilium/cilium:v1.20.0
          ports: [{ name: hubble-metrics, containerPort: 9965 }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data:
  hubble-metrics-server: ":9965"
  hubble-metrics: httpV2:labelsContext=source_namespace,destination_namespace,destination_pod
---
apiVersion: v1
kind: Service
metadata: { name: hubble-metrics, namespace: kube-system, labels: { k8s-app: hubble } }
spec:
  clusterIP: None
  selector: { k8s-app: cilium }
  ports: [{ name: hubble-metrics, port: 9965, targetPort: hubble-metrics }]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: hubble, namespace: monitoring, labels: { team: shop } }
spec:
  namespaceSelector: { matchNames: [kube-system] }
  selector: { matchLabels: { k8s-app: hubble } }
  endpoints: [{ port: hubble-metrics, interval: 10s, honorLabels: true }]
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: backend, namespace: shop, labels: { team: shop } }
spec:
  selector: { matchLabels: { app: backend } }
  podMetricsEndpoints: [{ port: http, interval: 10s }]
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: main, namespace: monitoring }
spec:
  version: v3.14.0
  serviceAccountName: prometheus
  serviceDiscoveryRole: EndpointSlice
  serviceMonitorSelector: { matchLabels: { team: shop } }
  serviceMonitorNamespaceSelector: {}
  podMonitorSelector: { matchLabels: { team: shop } }
  podMonitorNamespaceSelector: {}
---
${serviceAccount('prometheus')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: scraper }
rules:
  - { apiGroups: [""], resources: [services, pods], verbs: [get, list, watch] }
  - { apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch] }
---
${roleBinding('shop', 'scraper', 'prometheus')}
---
${roleBinding('kube-system', 'scraper', 'prometheus')}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: prometheus, namespace: monitoring }
spec:
  endpointSelector: { matchLabels: { prometheus: main } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: adapter } }]
      toPorts: [{ ports: [{ port: "9090", protocol: TCP }] }]
  egress:
    - toEntities: [kube-apiserver]
    - toEntities: [host, remote-node]
      toPorts: [{ ports: [{ port: "9965", protocol: TCP }] }]
    - toEndpoints: [{ matchLabels: { app: backend, k8s:io.kubernetes.pod.namespace: shop } }]
      toPorts: [{ ports: [{ port: "8080", protocol: TCP }] }]
---
${PROMETHEUS_SERVICE}
---
${ADAPTER}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: adapter-rules, namespace: monitoring }
data:
  config.yaml: |
    rules:
      - seriesQuery: hubble_http_requests_total{destination_pod!=""}
        resources:
          overrides:
            destination_namespace: { resource: namespace }
            destination_pod: { resource: pod }
        name: { as: requests_per_second }
        metricsQuery: sum(rate(<<.Series>>{reporter="server",<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)
      - seriesQuery: echo_requests_total{pod!=""}
        resources:
          overrides:
            namespace: { resource: namespace }
            pod: { resource: pod }
        name: { as: echo_per_second }
        metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[40s])) by (<<.GroupBy>>)
---
${serviceAccount('adapter')}
---
${adapterAccess('pods', 'namespaces')}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: adapter, namespace: monitoring }
spec:
  endpointSelector: { matchLabels: { app: adapter } }
  ingress:
    - fromEntities: [kube-apiserver, remote-node, host]
      toPorts: [{ ports: [{ port: "6443", protocol: TCP }] }]
  egress:
    - toEntities: [kube-apiserver]
    - toEndpoints: [{ matchLabels: { prometheus: main } }]
      toPorts: [{ ports: [{ port: "9090", protocol: TCP }] }]
    - toEndpoints: [{ matchLabels: { k8s-app: kube-dns, k8s:io.kubernetes.pod.namespace: kube-system } }]
      toPorts: [{ ports: [{ port: "53", protocol: ANY }] }]
---
apiVersion: v1
kind: Service
metadata: { name: adapter, namespace: monitoring }
spec:
  selector: { app: adapter }
  ports: [{ name: https, port: 443, targetPort: https }]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.custom.metrics.k8s.io }
spec:
  group: custom.metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  service: { name: adapter, namespace: monitoring }
---
${OPERATOR}
---
${serviceAccount('operator')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: operator }
rules:
  - apiGroups: [monitoring.coreos.com]
    resources: [prometheuses, servicemonitors, podmonitors, probes, prometheusrules]
    verbs: ["*"]
  - { apiGroups: [apps], resources: [statefulsets], verbs: ["*"] }
  - { apiGroups: [""], resources: [secrets, configmaps, services], verbs: ["*"] }
---
${clusterRoleBinding('operator', 'operator', 'operator')}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: backend, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: backend }
  minReplicas: 1
  maxReplicas: 10
  metrics:
    - type: Pods
      pods: { metric: { name: requests_per_second }, target: { type: AverageValue, averageValue: "10" } }
    - type: Pods
      pods: { metric: { name: echo_per_second }, target: { type: AverageValue, averageValue: "10" } }
`;

/** An edit of one object's text. */
export interface Edit {
  /** `Service shop/backend`, or `ClusterRole scraper`. */
  readonly object: string;
  readonly replace: string;
  readonly by: string;
}

const DOCUMENTS = CHAIN.split('\n---\n');

/** The chain, with edits and with further objects, as YAML, at the end. */
export function chain(edits: readonly Edit[] = [], added = ''): readonly SourcedObject[] {
  const documents = edits.reduce(edited, DOCUMENTS);
  return objectsOf([...documents, ...(added === '' ? [] : [added])].join('\n---\n'));
}

/** The chain without some objects. */
export function chainWithout(...names: readonly string[]): readonly SourcedObject[] {
  return objectsOf(DOCUMENTS.filter((text) => !names.includes(nameOf(text))).join('\n---\n'));
}

/** Objects of a YAML text, without anything known about where they are from. */
export function objectsOf(yaml: string): readonly SourcedObject[] {
  return parseAllDocuments(yaml).map((document) => {
    const [problem] = document.errors;
    if (problem) throw problem;
    return { object: parseObject(document.toJS(), 'fixture'), origin: {} };
  });
}

function edited(documents: readonly string[], { object, replace, by }: Edit): string[] {
  const index = documents.findIndex((text) => nameOf(text) === object);
  const text = documents[index];
  if (text === undefined) throw new Error(`the chain has no ${object}`);
  if (!text.includes(replace)) throw new Error(`${object} does not contain "${replace}"`);
  return documents.with(
    index,
    text.replaceAll(replace, () => by),
  );
}

function nameOf(text: string): string {
  const [sourced] = objectsOf(text);
  if (!sourced) return '';
  const { kind, metadata } = sourced.object;
  return metadata.namespace === undefined
    ? `${kind} ${metadata.name}`
    : `${kind} ${metadata.namespace}/${metadata.name}`;
}

/** What findings say in short: `error hop-blocked CiliumNetworkPolicy shop/load`. */
export function summary(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, check, object }) => `${severity} ${check} ${refText(object)}`);
}
