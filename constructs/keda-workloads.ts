import type { KubeObject } from '../core/kube/object';
import type { App } from './app';

/** Secret with the certificates of all parts; the operator makes it when it starts. */
const CERTIFICATES = 'kedaorg-certs';
const FOLDER = '/certs';
const LOGGING = ['--zap-log-level=info', '--zap-encoder=console', '--zap-time-encoding=rfc3339'];
const VOLUME_MOUNT = { mountPath: FOLDER, name: 'certificates', readOnly: true };

interface Parts {
  readonly operator: App<'metricsservice'>;
  readonly metricsServer: App<'https'>;
  readonly webhooks: App<'http'>;
  readonly version: string;
  /** `WATCH_NAMESPACE`. */
  readonly watches: string;
}

/** What differs between KEDA's Deployments. */
interface Part {
  readonly app: App;
  readonly account: string;
  readonly image: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly ports: readonly object[];
  readonly env: readonly object[];
  readonly probe: object;
  /** Seconds until the first readiness probe. */
  readonly readyAfter: number;
  /** Whether it starts without its certificates. */
  readonly optional?: boolean;
  readonly cpu: string;
  readonly memory: string;
}

/** The Deployments and Services of the chart, as far as the chain depends on them (chart 2.20.2). */
export function kedaWorkloads(parts: Parts): KubeObject[] {
  const { operator, metricsServer, webhooks } = parts;
  return [
    service(operator, [{ name: 'metricsservice', port: 9666, targetPort: 9666 }]),
    service(metricsServer, [
      { name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' },
      { name: 'metrics', port: 8080, targetPort: 8080, protocol: 'TCP' },
    ]),
    service(webhooks, [{ name: 'https', port: 443, targetPort: 9443, protocol: 'TCP' }]),
    deployment(operatorPart(parts)),
    deployment(metricsServerPart(parts)),
    deployment(webhooksPart(parts)),
  ];
}

function operatorPart({ operator, metricsServer, webhooks, version, watches }: Parts): Part {
  return {
    app: operator,
    account: 'keda-operator',
    image: `ghcr.io/kedacore/keda:${version}`,
    command: '/keda',
    args: [
      '--leader-elect',
      '--disable-compression=true',
      ...LOGGING,
      '--enable-webhook-patching=true',
      `--cert-dir=${FOLDER}`,
      '--enable-cert-rotation=true',
      `--cert-secret-name=${CERTIFICATES}`,
      `--operator-service-name=${operator.name}`,
      `--metrics-server-service-name=${metricsServer.name}`,
      `--webhooks-service-name=${webhooks.name}`,
      '--k8s-cluster-name=kubernetes-default',
      '--k8s-cluster-domain=cluster.local',
      '--enable-prometheus-metrics=false',
      '--http-max-idle-conns=0',
      '--http-max-idle-conns-per-host=1000',
      '--http-idle-conn-timeout=90s',
    ],
    ports: [{ containerPort: 9666, name: 'metricsservice', protocol: 'TCP' }],
    env: [
      { name: 'WATCH_NAMESPACE', value: watches },
      field('POD_NAME', 'metadata.name'),
      field('POD_NAMESPACE', 'metadata.namespace'),
      { name: 'OPERATOR_NAME', value: operator.name },
      ...settings(),
    ],
    probe: { path: '/readyz', port: 8081 },
    readyAfter: 20,
    optional: true,
    cpu: '500m',
    memory: '256Mi',
  };
}

function metricsServerPart({ operator, metricsServer, version, watches }: Parts): Part {
  return {
    app: metricsServer,
    account: 'keda-metrics-server',
    image: `ghcr.io/kedacore/keda-metrics-apiserver:${version}`,
    command: '/keda-adapter',
    args: [
      '--port=8080',
      '--secure-port=6443',
      '--logtostderr=true',
      '--stderrthreshold=ERROR',
      '--disable-compression=true',
      `--metrics-service-address=${operator.name}.${operator.namespace}.svc.cluster.local:9666`,
      `--client-ca-file=${FOLDER}/ca.crt`,
      `--tls-cert-file=${FOLDER}/tls.crt`,
      `--tls-private-key-file=${FOLDER}/tls.key`,
      `--cert-dir=${FOLDER}`,
      '--v=0',
      ...LOGGING,
    ],
    ports: [
      { containerPort: 6443, name: 'https', protocol: 'TCP' },
      { containerPort: 8080, name: 'metrics', protocol: 'TCP' },
    ],
    env: [
      { name: 'WATCH_NAMESPACE', value: watches },
      field('POD_NAMESPACE', 'metadata.namespace'),
      ...settings(),
    ],
    probe: { path: '/readyz', port: 6443, scheme: 'HTTPS' },
    readyAfter: 5,
    cpu: '500m',
    memory: '256Mi',
  };
}

function webhooksPart({ webhooks, version, watches }: Parts): Part {
  return {
    app: webhooks,
    account: 'keda-webhook',
    image: `ghcr.io/kedacore/keda-admission-webhooks:${version}`,
    command: '/keda-admission-webhooks',
    args: [
      ...LOGGING,
      `--cert-dir=${FOLDER}`,
      '--health-probe-bind-address=:8081',
      '--metrics-bind-address=:8080',
    ],
    ports: [{ containerPort: 9443, name: 'http', protocol: 'TCP' }],
    env: [
      { name: 'WATCH_NAMESPACE', value: watches },
      field('POD_NAME', 'metadata.name'),
      field('POD_NAMESPACE', 'metadata.namespace'),
    ],
    probe: { path: '/readyz', port: 8081 },
    readyAfter: 20,
    cpu: '100m',
    memory: '128Mi',
  };
}

function service({ namespace, name, podLabels }: App, ports: readonly object[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: podLabels, ports },
  };
}

function deployment(part: Part): KubeObject {
  const { app, account, image, command, args, ports, env, probe, readyAfter, optional, cpu, memory } = part;
  const { namespace, name, podLabels } = app;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: podLabels },
      template: {
        metadata: { labels: podLabels },
        spec: {
          serviceAccountName: account,
          automountServiceAccountToken: true,
          securityContext: { runAsNonRoot: true },
          containers: [
            {
              name,
              image,
              command: [command],
              args,
              ports,
              env,
              readinessProbe: {
                httpGet: probe,
                initialDelaySeconds: readyAfter,
                periodSeconds: 3,
                failureThreshold: 3,
              },
              resources: { requests: { cpu: '100m', memory }, limits: { cpu, memory } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
                seccompProfile: { type: 'RuntimeDefault' },
              },
              volumeMounts: [VOLUME_MOUNT],
            },
          ],
          volumes: [
            {
              name: 'certificates',
              secret: { secretName: CERTIFICATES, ...(optional ? { optional } : {}) },
            },
          ],
        },
      },
    },
  };
}

function field(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** Environment that the chart gives with its defaults. */
function settings() {
  return [
    { name: 'KEDA_HTTP_DEFAULT_TIMEOUT', value: '3000' },
    { name: 'KEDA_HTTP_MIN_TLS_VERSION', value: 'TLS12' },
    { name: 'KEDA_HTTP_TLS_CIPHER_LIST', value: '' },
    { name: 'KEDA_SERVICE_MIN_TLS_VERSION', value: 'TLS13' },
    { name: 'KEDA_SERVICE_TLS_CIPHER_LIST', value: '' },
    { name: 'KEDA_RESTRICT_SECRET_ACCESS', value: 'true' },
  ];
}
