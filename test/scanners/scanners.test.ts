import { parseObject } from '../../core/kube/object';
import { stacks } from '../../stacks';
import { manifestFiles, synthesize } from '../../synth';
import { ACCEPTED, type Accepted } from './accepted';
import { findingLines, type ScannerFinding } from './finding';
import { kubeScore } from './kube-score';
import { SchemaFolder } from './kubeconform';

const scanned = stacks.map((definition) => {
  const stack = definition.define(definition.options.parse({}));
  const objects = synthesize(stack);
  const written = objects.stages.flatMap((stage) => stage.objects.map(({ object }) => object));
  const files = [...manifestFiles(stack.name, objects).values()].map(({ content }) => content);
  return {
    name: stack.name,
    written,
    manifests: files.join('---\n'),
    findings: kubeScore(
      written,
      stack.cluster.kubernetes,
      stack.releases.flatMap(({ provides }) => provides),
    ),
  };
});

function accepts({ stack, check, object }: Accepted, name: string, finding: ScannerFinding): boolean {
  return (
    (stack === 'every' || stack === name) &&
    check === finding.check &&
    new RegExp(`^(?:${object.source})$`).test(finding.object)
  );
}

const folder = new SchemaFolder();
afterAll(() => {
  folder.remove();
});

describe.each(scanned)('manifests of $name', ({ name, written, manifests, findings }) => {
  it('satisfy kube-score', () => {
    const open = findings.filter((finding) => !ACCEPTED.some((entry) => accepts(entry, name, finding)));
    expect(findingLines(open)).toEqual([]);
  });

  it('satisfy kubeconform', () => {
    const { findings: problems, objects } = folder.judge(manifests);
    expect(findingLines(problems)).toEqual([]);
    expect(objects).toBe(written.length);
  });
});

it.each(ACCEPTED.map((entry) => ({ entry, title: `${entry.check} of ${entry.object.source}` })))(
  'still found: $title',
  ({ entry }) => {
    const found = scanned.flatMap(({ name, findings }) =>
      findings.filter((finding) => accepts(entry, name, finding)),
    );
    expect(found).not.toEqual([]);
  },
);

describe('kube-score finds', () => {
  const objects: readonly object[] = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'other' }, ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'prometheus', namespace: 'shop' },
      spec: { selector: { 'operator.prometheus.io/name': 'main' }, ports: [{ port: 9090 }] },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Prometheus',
      metadata: { name: 'main', namespace: 'shop' },
      spec: {},
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [{ name: 'web', image: 'nginx:latest', securityContext: { privileged: true } }],
          },
        },
      },
    },
  ];
  const lines = findingLines(
    kubeScore(
      objects.map((object) => parseObject(object, 'test')),
      '1.36.1',
    ),
  ).join('\n');

  it('what is wrong with pods', () => {
    expect(lines).toContain('Deployment shop/web: container-image-tag: critical: web: ');
    expect(lines).toContain('Deployment shop/web: container-security-context-privileged: critical: web: ');
  });

  it('a Service of no pods, but none that leads to a Prometheus of the operator', () => {
    expect(lines).toContain('Service shop/web: service-targets-pod: critical');
    expect(lines).not.toContain('Service shop/prometheus');
  });

  it('nothing about what the operator makes', () => {
    expect(lines).not.toContain('StatefulSet');
  });
});

describe('kubeconform finds', () => {
  const lines = (manifests: string) => findingLines(folder.judge(manifests).findings).join('\n');
  const monitor = 'apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: { name: a }\n';
  const scaled = 'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: a }\n';
  const policy = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a }\n';
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n';

  it.each([
    ['a sound object', `${service}spec: { ports: [{ port: 80, targetPort: web }] }\n`, ''],
    ['a mistyped field', `${service}spec: { portz: [] }\n`, "'portz' not allowed"],
    ['a wrong type', `${service}spec: { ports: [{ port: web }] }\n`, 'want integer'],
    ['a key twice', `${service}spec: {}\nspec: {}\n`, 'already set in map'],
    ['a kind that nobody defines', service.replace('Service', 'Sevice'), 'could not find schema for Sevice'],
    ['a field that a ServiceMonitor does not have', `${monitor}spec: { selektor: {} }\n`, 'selektor'],
    [
      'what a ScaledObject lacks',
      `${scaled}spec: { scaleTargetRef: { name: a } }\n`,
      "missing property 'triggers'",
    ],
    ['a field that a CiliumNetworkPolicy does not have', `${policy}spec: { ingres: [] }\n`, 'ingres'],
  ])('%s', (_, manifests, message) => {
    if (message === '') expect(lines(manifests)).toBe('');
    else expect(lines(manifests)).toContain(message);
  });
});
