import { checkObjects } from '../../../core/check';
import type { ClusterDescriptor } from '../../../core/model';
import { TEST_CLUSTER } from '../../support/cluster';
import { chain, summary, type Edit } from './fixture';

const BACKEND = 'Deployment shop/backend';
const AGENT = 'DaemonSet kube-system/cilium';

const CLUSTER: ClusterDescriptor = {
  ...TEST_CLUSTER,
  nodes: [
    { role: 'control-plane', count: 1, cpu: '8', memory: '16Gi', pods: 110 },
    { role: 'worker', count: 2, cpu: '4', memory: '8Gi', pods: 110 },
  ],
};

function requesting(resources: string, more = ''): Edit {
  const ready = 'resources: { requests: { cpu: 100m, memory: 64Mi } }';
  return { object: BACKEND, replace: ready, by: `resources: ${resources}${more}` };
}

function unschedulable(edit: Edit, cluster: ClusterDescriptor | undefined = CLUSTER): readonly string[] {
  return summary(checkObjects(chain([edit]), cluster)).filter((text) => text.includes('unschedulable'));
}

const FOUND = [`error unschedulable ${BACKEND}`];

describe('a pod that no node can take', () => {
  it.each<readonly [what: string, resources: string, found: readonly string[]]>([
    ['as much CPU as a worker has', "{ requests: { cpu: '4' } }", []],
    ['more CPU than a worker has, though not than the control plane', "{ requests: { cpu: '5' } }", FOUND],
    ['more memory', '{ requests: { memory: 9Gi } }', FOUND],
    ['a limit, which stands in for a request', '{ limits: { memory: 9Gi } }', FOUND],
    ['a small request under a large limit', '{ requests: { memory: 1Gi }, limits: { memory: 9Gi } }', []],
  ])('is found: %s', (_, resources, found) => {
    expect(unschedulable(requesting(resources))).toEqual(found);
  });

  it('counts init containers one at a time, and sidecars with everything', () => {
    const init = (restart: string) =>
      `\n      initContainers:\n        - { name: first, image: 'plimsoll/backend:1.0.0', ${restart}resources: { requests: { cpu: '2' } } }` +
      `\n        - { name: second, image: 'plimsoll/backend:1.0.0', resources: { requests: { cpu: '3' } } }`;
    const edit = (restart: string): Edit => ({
      object: BACKEND,
      replace: '      containers:',
      by: `${init(restart).slice(1)}\n      containers:`,
    });
    expect(unschedulable(edit(''))).toEqual([]);
    expect(unschedulable(edit('restartPolicy: Always, '))).toEqual(FOUND);
  });

  it('says what is wanted and what there is', () => {
    const findings = checkObjects(chain([requesting("{ requests: { cpu: 5, memory: '1Gi' } }")]), CLUSTER);
    expect(findings.find(({ check }) => check === 'unschedulable')?.message).toBe(
      'a pod requests cpu 5 and memory 1Gi, and no node has so much: there are nodes with cpu 4 and memory 8Gi',
    );
  });

  it('of a DaemonSet is one that fits on no node at all', () => {
    const name = '- name: cilium-agent';
    const edit = (cpu: number): Edit => ({
      object: AGENT,
      replace: name,
      by: `${name}\n          resources: { requests: { cpu: ${cpu} } }`,
    });
    expect(unschedulable(edit(5))).toEqual([]);
    expect(unschedulable(edit(9))).toEqual([`error unschedulable ${AGENT}`]);
  });

  it('is not looked for where nothing is known of the nodes', () => {
    expect(summary(checkObjects(chain([requesting("{ requests: { cpu: '99' } }")])))).toEqual([]);
  });
});
