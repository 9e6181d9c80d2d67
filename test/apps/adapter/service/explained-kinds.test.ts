import { Explanations } from '../../../../apps/adapter/service/explanations';
import { UsageValues } from '../../../../apps/adapter/service/usage-values';
import { Registry } from '../../../../core/adapter';
import { route } from '../../../../core/adapter/api';
import { ApiResources, type ApiResource } from '../../../../core/kube/api-resources';
import { parseAdapterConfig } from '../../../../core/rules';
import { TestSource } from '../queries/source';

const CONFIG = `rules:
- seriesQuery: hits
  resources: {overrides: {namespace: {resource: namespace}, service: {resource: service}}}
  metricsQuery: sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})
`;
const OPTIONS = { gate: 'named', rootScope: 'cluster' } as const;
const registry = Registry.tolerant(parseAdapterConfig(CONFIG, 'config'), ApiResources.builtin(), OPTIONS);
const unused = (): never => {
  throw new Error('nothing of this is asked for');
};

async function explained(kind: string, metric: string) {
  const listed: string[] = [];
  const source = new TestSource();
  const { queries } = source;
  const now = () => source.now;
  const usage = new UsageValues({
    ...{ queries, now, onSampleAge: unused },
    objects: { nodes: unused, node: unused, runningPods: unused, runningPod: unused },
  });
  const explanations = new Explanations({
    registry: () => registry,
    objects: {
      names: ({ plural }: ApiResource) => {
        listed.push(plural);
        return Promise.resolve(['web']);
      },
    },
    usage,
    source: () => ({
      query: () => Promise.resolve({ type: 'vector', samples: [] }),
      labelValues: () => Promise.resolve({ values: [] }),
    }),
    ...{ maxAgeMs: 60_000, now },
  });
  const target = `/explain/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/${kind}/*/${metric}`;
  const routed = route('GET', target);
  if (routed.kind !== 'explain') throw new TypeError(routed.kind);
  const text = await explanations.explain(routed, new AbortController().signal);
  return { listed, text };
}

describe('an explanation', () => {
  it('has the objects of a kind listed for a metric that a rule makes of them', async () => {
    expect(await explained('services', 'hits')).toMatchObject({ listed: ['services'] });
  });

  it.each([
    ['secrets', 'hits'],
    ['services', 'other'],
  ])('has no %s listed for %s, which there is not', async (kind, metric) => {
    const { listed, text } = await explained(kind, metric);
    expect(listed).toEqual([]);
    expect(text).toMatch(/"kind":"MetricExplanation"/);
  });
});
