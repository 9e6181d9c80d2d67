import fc from 'fast-check';
import { z } from 'zod';
import { messageOf, NotSupportedError, UsageError } from '../../../core/errors';
import { fromGoString, toGoString } from '../../../core/kube/go-string';
import { Selector } from '../../../core/kube/selector';
import {
  compileResourceRules,
  compileRules,
  type CompiledRule,
  groupResourceOf,
  groupResourceText,
  parseAdapterConfig,
  RestMapper,
} from '../../../core/rules';
import { compare, report, seed } from './campaign';
import { fromBase64, toBase64, UpstreamProgram } from './program';
import { customRequest, externalRequest, RESOURCES, ruleFile, series } from './rule-files';

const input = fc.record({
  yaml: ruleFile,
  series: fc.array(series, { minLength: 1, maxLength: 3 }),
  custom: fc.array(customRequest, { minLength: 1, maxLength: 2 }),
  external: fc.array(externalRequest, { minLength: 1, maxLength: 2 }),
});
type Input = typeof input extends fc.Arbitrary<infer Value> ? Value : never;

const UNBUILT = { unbuilt: true };
type Text = string | undefined | typeof UNBUILT;

interface RuleSide {
  readonly series: readonly { name: string | undefined; resources: readonly string[] }[];
  readonly custom: readonly Text[];
  readonly external: readonly Text[];
}

/** What a file makes of series and requests. */
type Side =
  | 'refused'
  | 'not supported'
  | { readonly rules: readonly RuleSide[]; readonly pods: readonly Text[]; readonly nodes: readonly Text[] };

const textAnswer = z
  .object({ Text: z.string().nullable(), Error: z.string() })
  .transform(({ Text: text, Error: error }): Text =>
    error === '' ? fromGoString(fromBase64(text)) : UNBUILT,
  );
const texts = z
  .array(textAnswer)
  .nullable()
  .transform((list) => list ?? []);
const ruleAnswer = z
  .object({
    Series: z.array(
      z.object({
        Passes: z.boolean(),
        Name: textAnswer,
        Resources: z.array(z.string()),
        Namespaced: z.boolean(),
      }),
    ),
    Custom: texts,
    External: texts,
  })
  .transform(({ Series, Custom, External }): RuleSide => ({
    series: Series.map(({ Passes, Name, Resources, Namespaced }) => ({
      name: Passes && typeof Name === 'string' ? Name : undefined,
      resources: [...new Set(Resources.map((resource) => served(resource, Namespaced)))].sort(),
    })),
    custom: Custom,
    external: External,
  }));
const rules = z
  .array(ruleAnswer)
  .nullable()
  .transform((list) => list ?? []);
const answer = z.object({
  ConfigError: z.string(),
  RulesError: z.string(),
  Rules: rules,
  ExternalRules: rules,
  Pods: texts,
  Nodes: texts,
});

/** `/nodes` for what the adapter serves at the root. */
function served(resource: string, namespaced: boolean): string {
  return namespaced && !['namespaces', 'nodes', 'persistentvolumes'].includes(resource)
    ? resource
    : `/${resource}`;
}

class Unsupported extends Error {}

function built(build: () => string): Text {
  try {
    return build();
  } catch (error) {
    if (error instanceof NotSupportedError) throw new Unsupported(messageOf(error));
    if (error instanceof UsageError) return UNBUILT;
    throw error;
  }
}

function ours(request: Input): Side {
  const mapper = new RestMapper(RESOURCES);
  try {
    const config = parseAdapterConfig(request.yaml, 'config.yaml');
    const compiled = compileRules(config, mapper);
    const usages = compileResourceRules(config, mapper);
    const both = usages ? [usages.cpu, usages.memory] : [];
    return {
      rules: compiled.map((rule) => ruleSide(rule, request)),
      pods: both.flatMap((usage) =>
        request.custom.map(({ namespace, names }) => built(() => usage.forPods(namespace, names))),
      ),
      nodes: both.flatMap((usage) => request.custom.map(({ names }) => built(() => usage.forNodes(names)))),
    };
  } catch (error) {
    if (error instanceof NotSupportedError || error instanceof Unsupported) return 'not supported';
    expect(messageOf(error)).toMatch(/^config\.yaml:\d+:\d+: (?:rules|externalRules|resourceRules)[[.]/);
    return 'refused';
  }
}

function ruleSide(rule: CompiledRule, { series: list, custom, external }: Input): RuleSide {
  return {
    series: list.map((labels) => {
      const naming = rule.nameOf(labels['__name__'] ?? '');
      return {
        name: naming.accepted ? naming.metric : undefined,
        resources: rule
          .resourcesOf(labels)
          .map(({ resource, namespaced }) => served(groupResourceText(resource), namespaced))
          .sort(),
      };
    }),
    custom: custom.map(({ resource, namespace, selector, names }) =>
      built(() =>
        rule.queryForObjects('s', {
          resource: groupResourceOf(resource),
          namespace,
          names,
          metricSelector: Selector.parse(selector),
        }),
      ),
    ),
    external: external.map(({ namespace, selector }) =>
      built(() => rule.queryForExternal('s', { namespace, selector: Selector.parse(selector) })),
    ),
  };
}

function outcome(side: Side): string {
  if (typeof side === 'string') return side;
  return side.rules.length === 0 ? 'without rules' : 'answered';
}

describe(`rules, seed ${seed}`, () => {
  let upstream: UpstreamProgram;

  beforeAll(() => {
    upstream = UpstreamProgram.start();
  });
  afterAll(() => upstream.stop());

  it('make the same metrics, resources and queries of series and requests', async () => {
    const queries = { built: 0, unbuilt: 0 };
    const tally = await compare<Input, Side>(
      input,
      ours,
      async ({ yaml, series: list, custom, external }) => {
        const request = {
          YAML: toBase64(toGoString(yaml)),
          Resources: RESOURCES,
          Series: list,
          Custom: custom.map(({ resource: { group, plural }, ...rest }) => ({
            ...rest,
            Group: group,
            Resource: plural,
          })),
          External: external,
        };
        const result = await upstream.ask('rules', request, answer);
        if (result.ConfigError !== '' || result.RulesError !== '') return 'refused';
        const side = {
          rules: [...result.Rules, ...result.ExternalRules],
          pods: result.Pods,
          nodes: result.Nodes,
        };
        for (const text of side.rules.flatMap((rule) => [...rule.custom, ...rule.external])) {
          queries[typeof text === 'string' ? 'built' : 'unbuilt'] += 1;
        }
        return side;
      },
      outcome,
      (mine) => mine === 'not supported',
    );
    report('rules', tally);
    process.stdout.write(`  queries: ${queries.built} built, ${queries.unbuilt} that cannot be\n`);
  });
});
