import fc from 'fast-check';
import { z } from 'zod';
import { answer, type KnownMetric, plan, type QueryOutcome, Registry } from '../../../core/adapter';
import { messageOf, NotSupportedError } from '../../../core/errors';
import { Selector } from '../../../core/kube/selector';
import { toGoString } from '../../../core/kube/go-string';
import { groupResourceText, parseAdapterConfig } from '../../../core/rules';
import { oneOf, weighted } from './arbitraries';
import { compare, report, seed } from './campaign';
import { toBase64, UpstreamProgram } from './program';
import { listing, RESOURCES, usualFile } from './rule-files';

const METRICS = [
  'http_requests',
  'http_requests_per_second',
  'up',
  'fixed',
  'a',
  'a:b',
  'x-y',
  'http_requests_total',
];
const namespace = oneOf(['default', 'shop', '']);
const selector = oneOf(['', 'app=x', 'zone in (b,a)']);
const value = weighted<number>(
  [4, fc.double({ min: -1e7, max: 1e7, noNaN: true })],
  [2, oneOf([0, -0, 1, 0.001, 0.0009, -0.0019, 1e15, 9.2e15, 9.3e15, -9.3e15, 1e300, 2.5, 1e-300])],
  [2, oneOf([Number.NaN, Infinity, -Infinity])],
);
const name = oneOf(['a', 'b']);
const sample = fc.record({
  labels: fc.record(
    { pod: name, namespace: oneOf(['a', 'shop']), kube_pod: name, node: name },
    { requiredKeys: [] },
  ),
  value,
});
const input = fc.record({
  yaml: usualFile,
  listing,
  samples: fc.array(sample, { maxLength: 4 }),
  scalar: weighted([6, fc.constant(undefined)], [1, value]),
  // Requests for what there is, by their number among all that is listed, and for what there may be.
  custom: fc.array(
    fc.record({
      pick: fc.nat(20),
      metric: oneOf(METRICS),
      resource: oneOf(RESOURCES),
      namespace,
      name,
      selector,
    }),
    { minLength: 1, maxLength: 4 },
  ),
  external: fc.array(fc.record({ pick: fc.nat(20), metric: oneOf(METRICS), namespace, selector }), {
    minLength: 1,
    maxLength: 2,
  }),
});
type Input = typeof input extends fc.Arbitrary<infer Value> ? Value : never;

interface CustomRequest {
  readonly Group: string;
  readonly Resource: string;
  readonly Namespace: string;
  readonly Name: string;
  readonly Metric: string;
  readonly Selector: string;
  readonly Namespaced: boolean;
}

interface ExternalRequest {
  readonly Namespace: string;
  readonly Metric: string;
  readonly Selector: string;
}

interface Answered {
  readonly query: string;
  readonly values: readonly string[] | undefined;
  readonly code: number;
  readonly error: string;
}

type Side =
  | 'refused'
  | {
      readonly listed: readonly string[];
      readonly external: readonly string[];
      readonly answers: readonly Answered[];
    };

const sorted = z
  .array(z.string())
  .nullable()
  .transform((list) => [...(list ?? [])].sort());
const answered = z
  .array(
    z
      .object({
        Query: z.string(),
        Values: z.array(z.string()).nullable(),
        Code: z.number(),
        Error: z.string(),
      })
      .transform(({ Query, Values, Code, Error }): Answered => ({
        query: Query,
        values: Values ?? undefined,
        code: Code,
        error: Error,
      })),
  )
  .nullable()
  .transform((list) => list ?? []);
const upstreamAnswer = z.object({
  Error: z.string(),
  Listed: sorted,
  ListedExternal: sorted,
  Custom: answered,
  External: answered,
});

function registryOf({ yaml, listing: series }: Input): Registry | undefined {
  try {
    const config = parseAdapterConfig(yaml, 'config.yaml');
    return Registry.create(config, RESOURCES).updated(new Map(Object.entries(series)));
  } catch (error) {
    if (error instanceof NotSupportedError) throw error;
    expect(messageOf(error)).toMatch(/^config\.yaml:/);
    return undefined;
  }
}

/** What is asked follows from what there is. */
function requests(
  registry: Registry | undefined,
  { custom, external }: Input,
): [CustomRequest[], ExternalRequest[]] {
  const known = registry?.metrics() ?? [];
  const objects = known.filter(({ resource }) => resource);
  const others = known.filter(({ resource }) => !resource);
  return [
    custom.map((request) => {
      const picked = objects[request.pick % (objects.length + 2)];
      return {
        Group: picked?.resource?.group ?? request.resource.group,
        Resource: picked?.resource?.resource ?? request.resource.plural,
        Namespace:
          picked?.namespaced === false ? '' : picked ? request.namespace || 'shop' : request.namespace,
        Name: request.name,
        Metric: picked?.metric ?? request.metric,
        Selector: request.selector,
        Namespaced: picked ? picked.namespaced : request.namespace !== '',
      };
    }),
    external.map((request) => ({
      Namespace: request.namespace,
      Metric: others[request.pick % (others.length + 2)]?.metric ?? request.metric,
      Selector: request.selector,
    })),
  ];
}

function outcomeOf({ samples, scalar }: Input): QueryOutcome {
  return scalar === undefined ? { type: 'vector', samples } : { type: 'scalar', value: scalar };
}

function ours(given: Input): Side {
  const registry = registryOf(given);
  if (!registry) return 'refused';
  const [custom, external] = requests(registry, given);
  const text = ({ resource, namespaced, metric }: KnownMetric): string =>
    resource ? `${groupResourceText(resource)}/${namespaced}/${metric}` : metric;
  const known = registry.metrics();
  return {
    listed: known
      .filter(({ resource }) => resource)
      .map(text)
      .sort(),
    external: known
      .filter(({ resource }) => !resource)
      .map(text)
      .sort(),
    answers: [
      ...custom.map((request) =>
        answerOf(
          registry,
          {
            api: 'custom',
            groupResource: { group: request.Group, resource: request.Resource },
            namespace: request.Namespace,
            objects: request.Name,
            metric: request.Metric,
            metricSelector: Selector.parse(request.Selector),
          },
          given,
        ),
      ),
      ...external.map((request) =>
        answerOf(
          registry,
          {
            api: 'external',
            namespace: request.Namespace,
            metric: request.Metric,
            selector: Selector.parse(request.Selector),
          },
          given,
        ),
      ),
    ],
  };
}

function answerOf(registry: Registry, request: Parameters<typeof plan>[1], given: Input): Answered {
  const planned = plan(registry, request);
  const query = planned.queries[0] ?? '';
  const result = answer(planned, query === '' ? [] : [outcomeOf(given)], 0);
  return result.kind === 'status'
    ? { query, values: undefined, code: result.code, error: result.message }
    : { query, values: result.items.map((item) => item.value.toString()), code: 0, error: '' };
}

describe(`metrics from the listing to the quantity, seed ${seed}`, () => {
  let upstream: UpstreamProgram;

  beforeAll(() => {
    upstream = UpstreamProgram.start();
  });
  afterAll(() => upstream.stop());

  it('are the same: names, queries, values and errors', async () => {
    const answers = { values: 0, errors: 0 };
    const tally = await compare<Input, Side>(
      input,
      ours,
      async (given) => {
        const [Custom, External] = requests(registryOf(given), given);
        const request = {
          YAML: toBase64(toGoString(given.yaml)),
          Resources: RESOURCES,
          Series: given.listing,
          Samples: given.samples.map(({ labels, value: number }) => ({
            Labels: labels,
            Value: numberText(number),
          })),
          ...(given.scalar !== undefined && { Scalar: numberText(given.scalar) }),
          ...{ Custom, External },
        };
        const result = await upstream.ask('metrics', request, upstreamAnswer);
        if (result.Error !== '') return 'refused';
        const both = [...result.Custom, ...result.External];
        for (const { error } of both) answers[error === '' ? 'values' : 'errors'] += 1;
        return { listed: result.Listed, external: result.ListedExternal, answers: both };
      },
      (side) =>
        side === 'refused'
          ? side
          : side.listed.length + side.external.length > 0
            ? 'listed'
            : 'nothing listed',
    );
    report('metrics', tally);
    process.stdout.write(`  requests: ${answers.values} with values, ${answers.errors} with errors\n`);
  });
});

function numberText(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number);
}
