import { checkObjects } from '../../../core/check';
import type { Origin } from '../../../core/model';
import { chain, chainWithout, objectsOf, summary, type Edit } from './fixture';

const BACKEND = 'Deployment shop/backend';

function edited(object: string, replace: string, by: string) {
  return summary(checkObjects(chain([{ object, replace, by }])));
}

function added(yaml: string) {
  return summary(checkObjects(chain([], yaml)));
}

describe('objects by themselves', () => {
  it.each([
    [
      'two objects of one name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: load-targets, namespace: shop }\ndata: { list: "GET http://backend.shop.svc:80/echo" }',
      ['error duplicate-object ConfigMap shop/load-targets'],
    ],
    [
      'a name that is no DNS name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: Load_Targets, namespace: shop }',
      ['error invalid-name ConfigMap shop/Load_Targets'],
    ],
    [
      'a Service whose name is no DNS label',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a.b, namespace: shop }\nspec: { selector: { app: backend } }',
      ['error invalid-name Service shop/a.b'],
    ],
    [
      'a namespace on a cluster-scoped kind',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r, namespace: shop }\nrules: []',
      ['warning namespace-on-cluster-scoped ClusterRole shop/r'],
    ],
    [
      'an object in the default namespace',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: default }',
      ['warning default-namespace ConfigMap default/a'],
    ],
    [
      'an object without a namespace',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }',
      ['warning default-namespace ConfigMap a'],
    ],
    [
      'a namespace that does not exist',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: nowhere }',
      ['error namespace-missing ConfigMap nowhere/a'],
    ],
    [
      'an object that does not fit its kind',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { ports: web }',
      ['error unreadable-object Service shop/a'],
    ],
    [
      'a Service that selects no pods',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { selector: { app: bakend }, ports: [{ port: 80 }] }',
      ['error service-without-pods Service shop/a'],
    ],
    [
      'a Service port to a number that no container declares',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { selector: { app: backend }, ports: [{ port: 80 }] }',
      ['warning service-port-undeclared Service shop/a'],
    ],
    [
      'two Service ports of one name',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { selector: { app: backend }, ports: [{ name: a, port: 80, targetPort: http }, { name: a, port: 81, targetPort: http }] }',
      ['error duplicate-service-port Service shop/a'],
    ],
    [
      'two Service ports of one number',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { selector: { app: backend }, ports: [{ name: a, port: 80, targetPort: http }, { name: b, port: 80, targetPort: http }] }',
      ['error duplicate-service-port Service shop/a'],
    ],
    [
      'a nameless Service port among several',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { selector: { app: backend }, ports: [{ name: a, port: 80, targetPort: http }, { port: 81, targetPort: http }] }',
      ['error duplicate-service-port Service shop/a'],
    ],
    [
      'a Prometheus that selects nothing',
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: idle, namespace: kube-system }\nspec: { version: v3.14.0 }',
      ['warning prometheus-selects-nothing Prometheus kube-system/idle'],
    ],
    [
      'a second monitor of the same pods',
      'apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: { name: backend, namespace: shop, labels: { team: shop } }\nspec: { selector: { matchLabels: { app: backend } }, endpoints: [{ port: http, interval: 10s }] }',
      ['warning target-scraped-twice PodMonitor shop/backend'],
    ],
    [
      'a Probe, which the rehearsal does not follow',
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: more, namespace: kube-system }\nspec: { version: v3.14.0, additionalScrapeConfigs: { name: a, key: b }, serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {} }',
      ['info scrape-not-understood Prometheus kube-system/more'],
    ],
    [
      'a second autoscaler of a workload',
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: other, namespace: shop }\nspec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: backend }, maxReplicas: 3, metrics: [] }',
      ['error pods-of-two-autoscalers HorizontalPodAutoscaler shop/other'],
    ],
    [
      'a ScaledObject of a workload that has an autoscaler',
      'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: backend, namespace: shop }\nspec: { scaleTargetRef: { name: backend }, triggers: [{ type: cron, metadata: {} }] }',
      [
        'error scaled-object-conflict HorizontalPodAutoscaler shop/backend',
        'error keda-missing ScaledObject shop/backend',
        'error keda-missing ScaledObject shop/backend',
        'info scaled-object-not-understood ScaledObject shop/backend',
      ],
    ],
    [
      'a second APIService of a name',
      'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: v1beta1.custom.metrics.k8s.io }\nspec: { group: custom.metrics.k8s.io, version: v1beta1, service: { name: adapter, namespace: monitoring } }',
      ['error api-service-owned-twice APIService v1beta1.custom.metrics.k8s.io'],
    ],
    [
      'a version of an API served by another',
      'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: v1beta2.custom.metrics.k8s.io }\nspec: { group: custom.metrics.k8s.io, version: v1beta2, service: { name: prometheus, namespace: monitoring, port: 9090 } }',
      [
        'error hop-blocked CiliumNetworkPolicy monitoring/prometheus',
        'error api-service-owned-twice APIService v1beta2.custom.metrics.k8s.io',
        'info adapter-not-understood StatefulSet monitoring/prometheus-main',
      ],
    ],
    [
      'a misnamed APIService',
      'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: custom.metrics.k8s.io }\nspec: { group: custom.metrics.k8s.io, version: v1beta2, service: { name: adapter, namespace: monitoring } }',
      ['error api-service-misnamed APIService custom.metrics.k8s.io'],
    ],
  ])('%s', (_what, yaml, expected) => {
    expect(added(yaml)).toEqual(expected);
  });

  it.each<readonly [what: string, edit: Edit, expected: readonly string[]]>([
    [
      'a pod that the namespace refuses',
      { object: BACKEND, replace: 'capabilities: { drop: [ALL] }', by: 'capabilities: { add: [NET_ADMIN] }' },
      [`error pod-security-violation ${BACKEND}`],
    ],
    [
      'an image without a tag',
      { object: BACKEND, replace: 'backend:1.0.0', by: 'backend' },
      [`warning unpinned-image ${BACKEND}`],
    ],
    [
      'the image tag latest',
      { object: BACKEND, replace: 'backend:1.0.0', by: 'backend:latest' },
      [`warning unpinned-image ${BACKEND}`],
    ],
    [
      'a service account that does not exist',
      { object: BACKEND, replace: 'containers:', by: 'serviceAccountName: shop\n      containers:' },
      [`error missing-reference ${BACKEND}`],
    ],
    [
      'a priority class that does not exist',
      { object: BACKEND, replace: 'containers:', by: 'priorityClassName: gone\n      containers:' },
      [`error missing-reference ${BACKEND}`],
    ],
    [
      'a priority class that every cluster has',
      {
        object: BACKEND,
        replace: 'containers:',
        by: 'priorityClassName: system-cluster-critical\n      containers:',
      },
      [],
    ],
    [
      'a Secret that does not exist',
      {
        object: BACKEND,
        replace: 'containers:',
        by: 'volumes: [{ name: a, secret: { secretName: absent } }]\n      containers:',
      },
      [`warning missing-secret ${BACKEND}`],
    ],
    [
      'an optional Secret that does not exist',
      {
        object: BACKEND,
        replace: 'containers:',
        by: 'volumes: [{ name: a, secret: { secretName: absent, optional: true } }]\n      containers:',
      },
      [],
    ],
    [
      'a projected key that a ConfigMap does not have',
      {
        object: BACKEND,
        replace: 'containers:',
        by: 'volumes: [{ name: a, projected: { sources: [{ configMap: { name: load-targets, items: [{ key: lists, path: a }] } }] } }]\n      containers:',
      },
      [`error missing-reference ${BACKEND}`],
    ],
    [
      'an environment variable of a key that does not exist',
      {
        object: BACKEND,
        replace: 'ports: [{ name: http',
        by: 'env: [{ name: A, valueFrom: { configMapKeyRef: { name: load-targets, key: a } } }]\n          ports: [{ name: http',
      },
      [`error missing-reference ${BACKEND}`],
    ],
    [
      'a container without the request that utilization is of',
      { object: BACKEND, replace: 'requests: { cpu: 100m, memory: 64Mi }', by: 'requests: { cpu: 100m }' },
      [
        `error missing-resource-requests ${BACKEND}`,
        'warning resource-metrics-api-missing HorizontalPodAutoscaler shop/backend',
      ],
    ],
    [
      'a limit, which stands for the request',
      { object: BACKEND, replace: 'requests: { cpu', by: 'limits: { cpu' },
      ['warning resource-metrics-api-missing HorizontalPodAutoscaler shop/backend'],
    ],
    [
      'an APIService that skips verification',
      {
        object: 'APIService v1beta1.custom.metrics.k8s.io',
        replace: 'version: v1beta1',
        by: 'insecureSkipTLSVerify: true\n  version: v1beta1',
      },
      ['warning api-service-insecure APIService v1beta1.custom.metrics.k8s.io'],
    ],
    [
      'an APIService that skips verification and has a bundle',
      {
        object: 'APIService v1beta1.custom.metrics.k8s.io',
        replace: 'version: v1beta1',
        by: 'insecureSkipTLSVerify: true\n  caBundle: YQ==\n  version: v1beta1',
      },
      ['error api-service-tls-conflict APIService v1beta1.custom.metrics.k8s.io'],
    ],
  ])('%s', (what, edit, expected) => {
    const memory = {
      object: 'HorizontalPodAutoscaler shop/backend',
      replace:
        'type: Pods\n      pods: { metric: { name: echo_per_second }, target: { type: AverageValue, averageValue: "10" } }',
      by: 'type: Resource\n      resource: { name: memory, target: { type: Utilization, averageUtilization: 50 } }',
    };
    const measured = /request|limit/.test(what) ? [edit, memory] : [edit];
    expect(summary(checkObjects(chain(measured)))).toEqual(expected);
  });

  it('two autoscalers whose targets share pods', () => {
    const other = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: other, namespace: shop }
spec:
  selector: { matchLabels: { tier: web } }
  template:
    metadata: { labels: { app: backend, tier: web } }
    spec:
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: backend
          image: plimsoll/backend:1.0.0
          ports: [{ name: http, containerPort: 8080 }]
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: other, namespace: shop }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: other }, maxReplicas: 3, metrics: [] }`;
    expect(added(other)).toEqual(['error pods-of-two-autoscalers HorizontalPodAutoscaler shop/other']);
  });

  it('objects of a Helm release are in namespaces that Helm makes', () => {
    const [object] = objectsOf('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: release }');
    const provided = object ? [{ ...object, origin: { release: 'cilium' } }] : [];
    expect(checkObjects([...chain(), ...provided])).toEqual([]);
  });
});

describe('objects that others install', () => {
  const service = `
apiVersion: v1
kind: Service
metadata: { name: db, namespace: default }
spec: { selector: { app: db }, ports: [{ port: 80, targetPort: 9999 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: db, namespace: default }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: db, ports: [{ containerPort: 80 }] }] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: db, namespace: default }
rules: []`;
  const of = (origin: Origin, yaml: string) =>
    summary(checkObjects(objectsOf(yaml).map((sourced) => ({ ...sourced, origin }))));

  it.each<[string, Origin]>([
    ['a Helm release', { release: 'db' }],
    ['the cluster', { cluster: true }],
  ])('those of %s are not asked to be written otherwise', (_, origin) => {
    expect(of(origin, service)).toEqual([]);
  });

  it('own ones are', () => {
    expect(of({}, service)).toEqual([
      'warning default-namespace Service default/db',
      'warning service-port-undeclared Service default/db',
      'warning default-namespace Deployment default/db',
      'warning unpinned-image Deployment default/db',
      'warning namespace-on-cluster-scoped ClusterRole default/db',
    ]);
  });

  it('links that lead nowhere are said of both', () => {
    const broken = service.replace('selector: { app: db }, ports', 'selector: { app: other }, ports');
    for (const origin of [{}, { release: 'db' }, { cluster: true as const }])
      expect(of(origin, broken)).toContain('error service-without-pods Service default/db');
  });
});

describe('who may do what', () => {
  it.each([
    ['Deployment monitoring/adapter', 'adapter-delegation', 'ClusterRoleBinding adapter-delegator'],
    ['Deployment monitoring/adapter', 'adapter-delegation', 'RoleBinding kube-system/adapter-authentication'],
    ['Deployment monitoring/adapter', 'adapter-access', 'ClusterRoleBinding adapter-reader'],
    ['Prometheus monitoring/main', 'prometheus-access', 'RoleBinding shop/scraper'],
    ['Prometheus monitoring/main', 'prometheus-access', 'RoleBinding kube-system/scraper'],
  ])('%s has %s without %s', (object, check, missing) => {
    expect(summary(checkObjects(chainWithout(missing)))).toEqual([`error ${check} ${object}`]);
  });

  it('a verb is missing', () => {
    expect(edited('ClusterRole adapter-reader', 'verbs: [get, list, watch]', 'verbs: [get]')).toEqual([
      'error adapter-access Deployment monitoring/adapter',
    ]);
  });
});
