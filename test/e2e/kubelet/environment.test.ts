import { environment, type EnvironmentSources } from './environment';
import type { Texts } from './texts';
import { readPod } from './pod';

const texts = (values: Record<string, string>): Texts =>
  new Map(Object.entries(values).map(([key, text]) => [key, Buffer.from(text)]));

function variables(container: Record<string, unknown>, sources: Partial<EnvironmentSources> = {}) {
  const pod = readPod({
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      uid: 'u-1',
      labels: { app: 'web', 'a.b/c': 'd' },
      annotations: { note: 'text' },
    },
    spec: {
      nodeName: 'node-1',
      serviceAccountName: 'account',
      containers: [{ name: 'main', resources: { limits: { cpu: '1500m', memory: '64Mi' } }, ...container }],
    },
  });
  const [main] = pod.spec.containers;
  if (!main) throw new Error('no container');
  return environment(main, {
    pod,
    placement: { podIP: '10.244.1.2', hostIP: '172.20.0.1', allocatable: { cpu: '4', memory: '8Gi' } },
    image: [],
    services: [],
    textsOf: (kind, name) => (name === 'present' ? texts({ key: `of ${kind}`, other: 'o' }) : undefined),
    ...sources,
  });
}

it('has variables refer to those before, and wins over the image', () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: '$(A)$(C)' },
    { name: 'C', value: '2' },
  ];
  expect([...variables({ env }, { image: ['PATH=/bin', 'A=0', 'ODD=x=y'] })]).toEqual([
    ['PATH', '/bin'],
    ['A', '1'],
    ['ODD', 'x=y'],
    ['B', '1$(C)'],
    ['C', '2'],
  ]);
});

it.each([
  ['metadata.name', 'web-0'],
  ['metadata.namespace', 'shop'],
  ['metadata.uid', 'u-1'],
  ["metadata.labels['app']", 'web'],
  ["metadata.labels['a.b/c']", 'd'],
  ["metadata.annotations['note']", 'text'],
  ["metadata.labels['none']", ''],
  ['metadata.labels', 'a.b/c="d"\napp="web"'],
  ['spec.nodeName', 'node-1'],
  ['spec.serviceAccountName', 'account'],
  ['status.podIP', '10.244.1.2'],
  ['status.hostIP', '172.20.0.1'],
])('fieldRef %s', (fieldPath, expected) => {
  expect(variables({ env: [{ name: 'X', valueFrom: { fieldRef: { fieldPath } } }] }).get('X')).toBe(expected);
});

it.each([
  [{ resource: 'limits.cpu' }, '2'],
  [{ resource: 'limits.cpu', divisor: '1m' }, '1500'],
  [{ resource: 'requests.memory', divisor: '1Mi' }, '64'],
  [{ resource: 'limits.ephemeral-storage' }, '0'],
])('resourceFieldRef %j', (resourceFieldRef, expected) => {
  expect(variables({ env: [{ name: 'X', valueFrom: { resourceFieldRef } }] }).get('X')).toBe(expected);
});

it('takes keys of objects, and all keys with a prefix', () => {
  const env = [
    { name: 'X', valueFrom: { configMapKeyRef: { name: 'present', key: 'key' } } },
    { name: 'Y', valueFrom: { secretKeyRef: { name: 'absent', key: 'key', optional: true } } },
  ];
  const envFrom = [
    { prefix: 'P_', secretRef: { name: 'present' } },
    { configMapRef: { name: 'absent', optional: true } },
  ];
  expect([...variables({ env, envFrom })]).toEqual([
    ['P_key', 'of Secret'],
    ['P_other', 'o'],
    ['X', 'of ConfigMap'],
  ]);
});

it.each([
  [{ envFrom: [{ configMapRef: { name: 'absent' } }] }, 'configmap "absent" not found'],
  [
    { env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'absent', key: 'k' } } }] },
    'secret "absent" not found',
  ],
  [
    { env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'present', key: 'k' } } }] },
    "couldn't find key k in Secret present",
  ],
])('says what is missing: %j', (container, message) => {
  expect(() => variables(container)).toThrow(message);
});

it('tells of services', () => {
  const services = [
    {
      name: 'my-db',
      address: '10.96.0.7',
      ports: [
        { name: 'main', port: 5432, protocol: 'TCP' },
        { name: '', port: 53, protocol: 'UDP' },
      ],
    },
  ];
  expect(Object.fromEntries(variables({}, { services }))).toEqual({
    MY_DB_SERVICE_HOST: '10.96.0.7',
    MY_DB_SERVICE_PORT: '5432',
    MY_DB_SERVICE_PORT_MAIN: '5432',
    MY_DB_PORT: 'tcp://10.96.0.7:5432',
    MY_DB_PORT_5432_TCP: 'tcp://10.96.0.7:5432',
    MY_DB_PORT_5432_TCP_PROTO: 'tcp',
    MY_DB_PORT_5432_TCP_PORT: '5432',
    MY_DB_PORT_5432_TCP_ADDR: '10.96.0.7',
    MY_DB_PORT_53_UDP: 'udp://10.96.0.7:53',
    MY_DB_PORT_53_UDP_PROTO: 'udp',
    MY_DB_PORT_53_UDP_PORT: '53',
    MY_DB_PORT_53_UDP_ADDR: '10.96.0.7',
  });
});
