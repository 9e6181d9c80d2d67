import { MetricValues } from '../../../../apps/adapter/service/metric-values';
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
const config = parseAdapterConfig(CONFIG, 'config');
const registry = Registry.tolerant(config, ApiResources.builtin(), OPTIONS);
const ROOT = '/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop';

/** Kinds whose objects were listed for a request, and its answer. */
async function asked(target: string, look: () => boolean = () => false, first = registry) {
  const listed: string[] = [];
  let current = first;
  const source = new TestSource();
  source.answer = () => ({ type: 'vector', samples: [{ labels: { service: 'web' }, value: 3 }] });
  const values = new MetricValues({
    registry: () => current,
    objects: {
      known: () => undefined,
      names: ({ plural }: ApiResource) => {
        listed.push(plural);
        return Promise.resolve(['web']);
      },
    },
    look: () => {
      if (!look()) return false;
      current = registry;
      return true;
    },
    queries: source.queries,
    now: () => source.now,
    onSampleAge: () => undefined,
  });
  const routed = route('GET', target);
  if (routed.kind !== 'custom') throw new TypeError(routed.kind);
  const answer = await values.custom(routed, target, { signal: new AbortController().signal });
  return { listed, kind: answer.kind, answer };
}

describe('objects of a kind that nobody has asked for yet', () => {
  it('are listed for a metric that a rule makes of them', async () => {
    expect(await asked(`${ROOT}/services/*/hits`)).toMatchObject({ listed: ['services'], kind: 'custom' });
  });

  it.each([
    ['of a kind that no rule names', `${ROOT}/secrets/*/hits`],
    ['that no rule makes', `${ROOT}/services/*/other`],
  ])('are not listed for a metric %s', async (_, target) => {
    const { listed, answer } = await asked(target);
    expect(listed).toEqual([]);
    expect(answer).toMatchObject({ kind: 'status', code: 404 });
    expect(JSON.stringify(answer)).toContain('not registered');
  });

  it('are listed once the metric has been found', async () => {
    const none = Registry.tolerant(parseAdapterConfig('rules: []', 'none'), ApiResources.builtin(), OPTIONS);
    const target = `${ROOT}/services/*/hits`;
    expect(await asked(target, () => true, none)).toMatchObject({ listed: ['services'], kind: 'custom' });
    expect(await asked(target, () => false, none)).toMatchObject({ listed: [], kind: 'status' });
  });
});
