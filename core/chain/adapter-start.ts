import { type AdapterFlags, PLIMSOLL_REGISTRY, Registry, startupProblem } from '../adapter';
import type { ApiResource } from '../kube/api-resources';
import { located, type AdapterConfig } from '../rules';
import type { AdapterProgram } from './adapter-program';

/** The section of the file and of rules that prometheus-adapter does not know. */
const OWN_SECTION = /^(?:(?:rules|externalRules)\[\d+\]\.|resourceRules\.)?plimsoll$/;

/** Why an adapter exits at its start with these flags and this file, which can be read; undefined if it does not. */
export function adapterStartProblem(
  program: AdapterProgram,
  flags: AdapterFlags,
  config: AdapterConfig,
): string | undefined {
  const section = program === 'plimsoll' ? undefined : ownSection(config);
  return section === undefined
    ? startupProblem(flags, config)
    : `${located(config, section)}: prometheus-adapter exits at a key that it does not know: leave the section out, or run plimsoll/adapter`;
}

/**
 * What an adapter knows when it starts.
 * @param gate `upstream` where only metrics whose series were listed are of interest, whoever serves them
 * @throws UsageError, NotSupportedError for a rule with which prometheus-adapter does not start. Plimsoll's adapter does:
 * the rule is among {@link Registry.broken}.
 */
export function registryAtStart(
  program: AdapterProgram,
  config: AdapterConfig,
  resources: Iterable<ApiResource>,
  gate?: 'upstream',
): Registry {
  if (program === 'prometheus-adapter') return Registry.create(config, resources);
  return Registry.tolerant(config, resources, { ...PLIMSOLL_REGISTRY, ...(gate && { gate }) });
}

function ownSection({ places }: AdapterConfig): string | undefined {
  return [...places.keys()].find((path) => OWN_SECTION.test(path));
}
