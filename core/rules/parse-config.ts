import { UsageError } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { type AdapterConfig, type DiscoveryRule, type ResourceMapping, type ResourceRule } from './config';
import { POLICY_CHOICES, type RulePolicies, UPSTREAM_POLICIES } from './policies';
import {
  choice,
  Decoder,
  list,
  optional,
  optionalBoolean,
  parsed,
  parseYaml,
  record,
  string,
  struct,
  YamlError,
} from './yaml';

const groupResource = struct({ group: string, resource: string });
const resources = struct({ template: string, overrides: record(groupResource), namespaced: optionalBoolean });
const policies = struct({
  objectNames: choice(POLICY_CHOICES.objectNames),
  nan: choice(POLICY_CHOICES.nan),
  infinity: choice(POLICY_CHOICES.infinity),
  conflicts: choice(POLICY_CHOICES.conflicts),
  duplicates: choice(POLICY_CHOICES.duplicates),
});
const rule = struct({
  seriesQuery: string,
  seriesFilters: list(struct({ is: string, isNot: string })),
  resources,
  name: struct({ matches: string, as: string }),
  metricsQuery: string,
  plimsoll: policies,
});
const resourceRule = struct({
  containerQuery: string,
  nodeQuery: string,
  resources,
  containerLabel: string,
});
const resourceRules = struct({
  cpu: resourceRule,
  memory: resourceRule,
  window: parsed(parseWindow, 0),
});
const file = struct({
  rules: list(rule),
  externalRules: list(rule),
  resourceRules: optional(resourceRules),
  plimsoll: policies,
});

type Given<Shape> = Shape extends { readonly zero: infer Value } ? Value : never;

/**
 * Reads the adapter's configuration file as strictly as the adapter does at its start.
 * @param where names the source in errors, e.g. `ConfigMap monitoring/adapter-config config.yaml`
 * @throws UsageError with `where:line:column: field path:` on a syntax error, an unknown or repeated key, or a wrong type
 * @throws NotSupportedError on a `!!binary` that is not UTF-8
 */
export function parseAdapterConfig(yamlText: string, where: string): AdapterConfig {
  const { root, ignored } = explained(where, () => parseYaml(yamlText));
  const { value, places } = root
    ? Decoder.decode(root, where, file)
    : { value: file.zero, places: new Map() };
  const filePolicies = completed(value.plimsoll, UPSTREAM_POLICIES);
  const { resourceRules: given } = value;
  return {
    where,
    rules: value.rules.map((raw) => discoveryRule(raw, filePolicies)),
    externalRules: value.externalRules.map((raw) => discoveryRule(raw, filePolicies)),
    ...(given && {
      resourceRules: {
        cpu: completeResourceRule(given.cpu),
        memory: completeResourceRule(given.memory),
        windowMs: given.window,
        policies: filePolicies,
      },
    }),
    places,
    ...(ignored && { ignoredFrom: { line: ignored.line + 1, column: ignored.column + 1 } }),
  };
}

function explained<Result>(where: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, column } = error.mark;
    throw new UsageError(`${where}:${line + 1}:${column + 1}: ${error.message}`);
  }
}

function parseWindow(text: string): number {
  if (text === '') throw new UsageError('empty duration: write it like 30s, 5m or 1d12h');
  return parsePrometheusDuration(text);
}

function discoveryRule({ plimsoll, ...raw }: Given<typeof rule>, inherited: RulePolicies): DiscoveryRule {
  return { ...raw, resources: completeMapping(raw.resources), policies: completed(plimsoll, inherited) };
}

function completeResourceRule(raw: Given<typeof resourceRule>): ResourceRule {
  return { ...raw, resources: completeMapping(raw.resources) };
}

function completeMapping({ namespaced = true, ...raw }: Given<typeof resources>): ResourceMapping {
  return { ...raw, namespaced };
}

/** A policy that is not given is inherited. */
function completed(given: Given<typeof policies>, inherited: RulePolicies): RulePolicies {
  return {
    objectNames: given.objectNames ?? inherited.objectNames,
    nan: given.nan ?? inherited.nan,
    infinity: given.infinity ?? inherited.infinity,
    conflicts: given.conflicts ?? inherited.conflicts,
    duplicates: given.duplicates ?? inherited.duplicates,
  };
}
