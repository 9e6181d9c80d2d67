import { parse } from 'yaml';
import { parseObject } from '../../../core/kube/object';
import { allObjects } from '../../../core/model';
import { parseOptions } from '../../../stacks';
import { aks } from '../../../stacks/aks';
import { eksFargate } from '../../../stacks/eks-fargate';
import { synthesize } from '../../../synth';
import { overlayText } from './changes';
import { withHeyRate, withoutFargate, withVariable } from './machine';
import { withPeer } from './peer';

const stack = aks.define(parseOptions(aks, []));
const objects = allObjects(synthesize(stack)).map(({ object }) => object);
const pod = parseObject(
  parse(`
apiVersion: v1
kind: Pod
metadata: { name: one, namespace: demo }
spec:
  containers:
    - name: main
      env: [{ name: CPU, valueFrom: { resourceFieldRef: { resource: requests.cpu } } }, { name: B, value: b }]
      resources: { requests: { cpu: 100m, memory: 1Gi }, limits: { cpu: '1' } }
    - name: other
`),
  'test',
);

test('puts prometheus-adapter into the place of the own one, with what it understands', () => {
  const { objects: changed, changes } = withPeer(objects, stack.cluster);
  expect(changed).toHaveLength(objects.length);
  const text = overlayText('Changed', changes);
  expect(text).toContain(
    'plimsoll/adapter:0.1.0 → registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0',
  );
  expect(text).toContain('insecureSkipTLSVerify: false (default) → true');
  const file = changed.find(({ metadata }) => metadata.name === 'custom-metrics-apiserver-config');
  expect(JSON.stringify(file)).toContain('prom_fake_value');
  expect(JSON.stringify(file)).not.toContain('plimsoll');
});

test('gives a variable of all containers a value', () => {
  const { objects: changed, changes } = withVariable('CPU', '10')([pod], stack.cluster);
  expect(JSON.stringify(changed)).toContain('{"name":"CPU","value":"10"},{"name":"B","value":"b"}');
  expect(changes.map(({ path }) => path)).toEqual(['spec.containers[0].env[0]']);
});

test('has hey send faster, and leaves other programs alone', () => {
  const stack = eksFargate.define(parseOptions(eksFargate, []));
  const all = allObjects(synthesize(stack)).map(({ object }) => object);
  const { changes } = withHeyRate(40)(all, stack.cluster);
  expect(changes.map(({ object, from, to }) => `${object} ${from} ${to}`)).toEqual([
    'CronJob demo/load-requests 5 40',
    'CronJob demo/load-tokens 5 40',
  ]);
});

test('leaves Fargate out, and says so only where there was some', () => {
  expect(withoutFargate([], stack.cluster).changes).toEqual([]);
  const cluster = { ...stack.cluster, fargate: { profiles: [], podStart: '45s' } };
  const without = withoutFargate([], cluster);
  expect(without.cluster).toEqual(stack.cluster);
  expect(without.changes).toHaveLength(1);
});
