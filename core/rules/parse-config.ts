import { UsageError } from '../errors';
import { type AdapterConfig, type DiscoveryRule, type ResourceMapping, type ResourceRule } from './config';
import { configProblems, pathText } from './config-problems';
import {
  configFile,
  type GivenMapping,
  type GivenResourceRule,
  type GivenRule,
  type GivenSection,
} from './file-shape';
import { located } from './locate';
import { policiesOf, resourcePoliciesOf, resourceSettingsOf, settingsOf } from './section';
import { completedSource } from './source-shape';
import { Decoder, parseYaml, YamlError } from './yaml';

/**
 * Reads the adapter's configuration file as strictly as the adapter does at its start.
 * @param where names the source in errors, e.g. `ConfigMap monitoring/adapter-config config.yaml`
 * @throws UsageError with `where:line:column: field path:` on a syntax error, an unknown or repeated key, a wrong type,
 * or the first of {@link configProblems}
 * @throws NotSupportedError on a `!!binary` that is not UTF-8
 */
export function parseAdapterConfig(yamlText: string, where: string): AdapterConfig {
  const config = readAdapterConfig(yamlText, where);
  const [problem] = configProblems(config);
  if (problem) throw new UsageError(`${located(config, pathText(problem.path))}: ${problem.message}`);
  return config;
}

/**
 * Reads the file as {@link parseAdapterConfig} does, but without regard to {@link configProblems}: each field by
 * itself is as it should be.
 */
export function readAdapterConfig(yamlText: string, where: string): AdapterConfig {
  const { root, ignored } = explained(where, () => parseYaml(yamlText));
  const { value, places } = root
    ? Decoder.decode(root, where, configFile)
    : { value: configFile.zero, places: new Map() };
  const { resourceRules, plimsoll } = value;
  return {
    where,
    rules: value.rules.map((raw) => discoveryRule(raw, plimsoll)),
    externalRules: value.externalRules.map((raw) => discoveryRule(raw, plimsoll)),
    ...(resourceRules && {
      resourceRules: {
        cpu: completeResourceRule(resourceRules.cpu),
        memory: completeResourceRule(resourceRules.memory),
        windowMs: resourceRules.window,
        policies: resourcePoliciesOf(resourceRules.plimsoll, plimsoll),
        settings: resourceSettingsOf(resourceRules.plimsoll, plimsoll),
      },
    }),
    sources: new Map(
      Object.entries(plimsoll.sources).map(([name, given]) => [name, completedSource(name, given)]),
    ),
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

function discoveryRule({ plimsoll, ...raw }: GivenRule, inherited: GivenSection): DiscoveryRule {
  return {
    ...raw,
    resources: completeMapping(raw.resources),
    policies: policiesOf(plimsoll, inherited),
    settings: settingsOf(plimsoll, inherited),
  };
}

function completeResourceRule(raw: GivenResourceRule): ResourceRule {
  return { ...raw, resources: completeMapping(raw.resources) };
}

function completeMapping({ namespaced = true, ...raw }: GivenMapping): ResourceMapping {
  return { ...raw, namespaced };
}
