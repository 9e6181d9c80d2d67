import { checkObjects, type Finding } from '../../../core/check';
import { roleBinding } from '../../support/chain';
import { chain, summary, type Edit } from './fixture';

const OPERATOR = 'Deployment monitoring/operator';
const PROMETHEUS = 'Prometheus monitoring/main';
const IMAGE = "image: 'quay.io/prometheus-operator/prometheus-operator:v0.93.0'";

function started(args: readonly string[], env = '[]'): Edit {
  return { object: OPERATOR, replace: IMAGE, by: `${IMAGE}, env: ${env}, args: ${JSON.stringify(args)}` };
}

/** Access in single namespaces instead of everywhere. */
function confinedTo(...namespaces: readonly string[]): readonly [Edit, string] {
  const bindings = namespaces.map((namespace) => roleBinding(namespace, 'operator', 'operator'));
  const unbound = {
    object: 'ClusterRoleBinding operator',
    replace: 'name: operator, namespace',
    by: 'name: nobody, namespace',
  };
  return [unbound, bindings.join('\n---\n')];
}

function findings(edits: readonly Edit[], added = ''): readonly Finding[] {
  return checkObjects(chain(edits, added)).filter(({ check }) => check.startsWith('operator-'));
}

describe('the namespaces that an operator watches', () => {
  it.each([
    ['both', ['--namespaces=monitoring,shop']],
    ['both, as two words and two flags', ['-namespaces', 'monitoring', '--namespaces', 'shop']],
    ['all but another', ['--deny-namespaces=kube-system']],
    ['all, by an empty list', ['--namespaces=']],
    ['nobody knows which', ['--namespaces=$(WATCHED)']],
  ])('may be %s', (_, args) => {
    expect(findings([started(args)])).toEqual([]);
  });

  it.each([
    ['not that of Prometheus', ['--namespaces=shop'], PROMETHEUS, 'no server is made of it'],
    [
      'not that of Prometheus, by its own list',
      ['--prometheus-instance-namespaces=shop'],
      PROMETHEUS,
      'no server',
    ],
    ['denied', ['--deny-namespaces=monitoring'], PROMETHEUS, 'does not watch namespace monitoring'],
    [
      'not that of a monitor',
      ['--namespaces=monitoring'],
      'PodMonitor shop/backend',
      `${PROMETHEUS} does not get its targets`,
    ],
  ])('are found to be %s', (_, args, object, reason) => {
    const found = findings([started(args)]);
    expect(summary(found)).toEqual([`error operator-scope ${object}`]);
    expect(found[0]?.message).toContain(reason);
  });
});

describe('what an operator may', () => {
  it('has to hold everywhere if it watches everything', () => {
    const [unbound, bindings] = confinedTo('monitoring', 'shop');
    const found = findings([unbound], bindings);
    expect(summary(found)).toEqual([`error operator-access ${OPERATOR}`]);
    expect(found[0]?.message).toContain(
      'may not list, watch prometheuses.monitoring.coreos.com, servicemonitors',
    );
  });

  it('has to hold in the namespaces that it watches, and only there', () => {
    const watching = started(['--namespaces=monitoring,shop']);
    const [unbound, both] = confinedTo('monitoring', 'shop');
    expect(findings([unbound, watching], both)).toEqual([]);
    const [, one] = confinedTo('monitoring');
    const [found] = findings([unbound, watching], one);
    expect(found?.message).toContain(
      'list, watch prometheuses.monitoring.coreos.com, servicemonitors.monitoring.coreos.com',
    );
    expect(found?.message).toContain('in namespace shop');
    expect(found?.message).not.toContain('in namespace monitoring');
  });

  it.each(['secrets', 'configmaps', 'services'])('has to include %s', (resource) => {
    const edit = {
      object: 'ClusterRole operator',
      replace: '[secrets, configmaps, services]',
      by: `[${['secrets', 'configmaps', 'services'].filter((other) => other !== resource).join(', ')}]`,
    };
    const [found] = findings([edit]);
    expect(found?.message).toContain(`create, update ${resource} in namespace monitoring`);
  });
});

describe('the service account of a Prometheus', () => {
  it('has to exist', () => {
    const edit = { object: PROMETHEUS, replace: 'serviceAccountName: ', by: 'serviceAccountName: no-' };
    const found = checkObjects(chain([edit])).find(({ check }) => check === 'missing-reference');
    expect(summary(found ? [found] : [])).toEqual([`error missing-reference ${PROMETHEUS}`]);
  });
});
