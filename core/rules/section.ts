import { type GivenResourceSection, type GivenSection } from './file-shape';
import { type ResourcePolicies, type RulePolicies, UPSTREAM_POLICIES } from './policies';
import {
  DEFAULT_RULE_SETTINGS,
  type ResourceSettings,
  type RuleSettings,
  type Staleness,
} from './rule-settings';

/** What sections `plimsoll` come to, the innermost first; what none of them gives is as upstream has it. */
export function policiesOf(...sections: readonly GivenSection[]): RulePolicies {
  return {
    ...resourcePoliciesOf(...sections),
    conflicts: first(sections, ({ conflicts }) => conflicts) ?? UPSTREAM_POLICIES.conflicts,
  };
}

/** What they come to for `resourceRules`. */
export function resourcePoliciesOf(...sections: readonly GivenResourceSection[]): ResourcePolicies {
  return {
    objectNames: first(sections, (section) => section.objectNames) ?? UPSTREAM_POLICIES.objectNames,
    nan: first(sections, ({ nan }) => nan) ?? UPSTREAM_POLICIES.nan,
    infinity: first(sections, ({ infinity }) => infinity) ?? UPSTREAM_POLICIES.infinity,
    duplicates: first(sections, ({ duplicates }) => duplicates) ?? UPSTREAM_POLICIES.duplicates,
  };
}

/** How rules are served by sections `plimsoll`, the innermost first. */
export function settingsOf(...sections: readonly GivenSection[]): RuleSettings {
  const maxAgeMs = first(sections, ({ maxAge }) => maxAge);
  const staleness = stalenessOf(
    first(sections, (section) => section.staleness.maxSampleAge),
    first(sections, (section) => section.staleness.action),
  );
  return {
    ...resourceSettingsOf(...sections),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(staleness && { staleness }),
  };
}

/** How `resourceRules` are. */
export function resourceSettingsOf(...sections: readonly GivenResourceSection[]): ResourceSettings {
  return {
    source: first(sections, ({ source }) => source) ?? DEFAULT_RULE_SETTINGS.source,
    freshnessMs: first(sections, ({ freshness }) => freshness) ?? DEFAULT_RULE_SETTINGS.freshnessMs,
    fusion: first(sections, ({ fusion }) => fusion) ?? DEFAULT_RULE_SETTINGS.fusion,
  };
}

function first<Section, Value>(
  sections: readonly Section[],
  of: (section: Section) => Value | undefined,
): Value | undefined {
  return sections.map(of).find((value) => value !== undefined);
}

function stalenessOf(
  maxSampleAgeMs: number | undefined,
  action: Staleness['action'] = 'skip',
): Staleness | undefined {
  return maxSampleAgeMs ? { maxSampleAgeMs, action } : undefined;
}
