import { formatDuration } from '../../kube/duration';
import { DEFAULT_LOOKBACK_MS } from '../../promql';
import { ageQueries, type RuleSettings, type SourceSettings } from '../../rules';
import { type YamlPath } from '../../yaml';
import { type RuleCheck, type RuleCheckContext } from '../check';
import { labelOf } from '../queries';
import { fieldOf } from '../subject';

export const sourceUnused: RuleCheck = {
  id: 'source-unused',
  title: 'Every source is read by a rule',
  severity: 'warning',
  *run({ subjects, structure: { sources, resourceRules } }) {
    const used = new Set(subjects.map(({ source }) => source.settings.source));
    if (resourceRules) used.add(resourceRules.settings.source);
    for (const name of sources?.keys() ?? []) {
      if (used.has(name)) continue;
      yield {
        field: ['plimsoll', 'sources', name],
        atKey: true,
        message: `no rule reads from source ${name}`,
        fix: `name it in a rule, plimsoll: {source: ${name}}, or remove it`,
      };
    }
  },
};

export const sourceInClear: RuleCheck = {
  id: 'source-in-clear',
  title: 'Credentials go over TLS',
  severity: 'warning',
  *run({ structure: { sources } }) {
    for (const source of sources?.values() ?? []) {
      const what = secretOf(source);
      if (what === undefined || !/^http:/i.test(source.url)) continue;
      yield {
        field: ['plimsoll', 'sources', source.name, 'url'],
        message: `${what} goes over the network in clear text`,
        fix: 'write https, and tls: {caFile: …} if Node does not know the authority',
      };
    }
  },
};

function secretOf({ bearerTokenFile, basic, oauth2, headers }: SourceSettings): string | undefined {
  if (bearerTokenFile !== undefined || oauth2) return 'the token';
  if (basic) return 'the password';
  return headers.some(([name]) => name.toLowerCase() === 'authorization')
    ? 'the header Authorization'
    : undefined;
}

export const maxAgeShort: RuleCheck = {
  id: 'max-age-short',
  title: 'Series are listed for longer than from one scrape to the next',
  severity: 'warning',
  *run(context) {
    const interval = context.scrapeIntervalMs;
    if (interval === undefined) return;
    for (const { settings, field } of settingsIn(context)) {
      const { maxAgeMs } = settings;
      if (maxAgeMs === undefined || maxAgeMs === 0 || maxAgeMs >= 2 * interval) continue;
      yield {
        field: field('maxAge'),
        message: `${formatDuration(maxAgeMs)} is less than 2 scrapes of ${formatDuration(interval)}, so metrics come and go`,
        fix: `write ${formatDuration(Math.max(600_000, 2 * interval))}`,
      };
    }
  },
};

export const sampleAgeShort: RuleCheck = {
  id: 'sample-age-short',
  title: 'A sample may be as old as the next scrape makes it',
  severity: 'warning',
  *run(context) {
    const interval = context.scrapeIntervalMs;
    if (interval === undefined) return;
    for (const { settings, field } of settingsIn(context)) {
      const age = settings.staleness?.maxSampleAgeMs;
      if (age === undefined || age >= 2 * interval) continue;
      yield {
        field: field('staleness', 'maxSampleAge'),
        message: `${formatDuration(age)} is less than 2 scrapes of ${formatDuration(interval)}: one that fails makes samples too old`,
        fix: `write ${formatDuration(2 * interval)} or more`,
      };
    }
  },
};

export const sampleAgeLong: RuleCheck = {
  id: 'sample-age-long',
  title: 'The age of samples is known as far back as it may be',
  severity: 'warning',
  *run(context) {
    for (const { settings, field } of settingsIn(context)) {
      const age = settings.staleness?.maxSampleAgeMs;
      if (age === undefined || age <= DEFAULT_LOOKBACK_MS) continue;
      const lookback = formatDuration(DEFAULT_LOOKBACK_MS);
      yield {
        field: field('staleness', 'maxSampleAge'),
        message: `Prometheus finds no sample that is older than ${lookback}: that much is allowed, not ${formatDuration(age)}`,
        fix: `write ${lookback} or less`,
      };
    }
  },
};

export const sampleAgeUnknown: RuleCheck = {
  id: 'sample-age-unknown',
  title: 'Where the age of samples matters, it can be asked for',
  severity: 'warning',
  *run({ queries }) {
    for (const { subject, rule, resource, result } of queries) {
      if (!subject.source.settings.staleness || result.kind !== 'read') continue;
      const ages = ageQueries(result.text, resource && labelOf(rule, resource));
      if (!('reason' in ages)) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `how old its samples are cannot be asked for, so staleness has no effect: ${ages.reason}`,
        fix: 'write the query without that, or plimsoll: {staleness: {maxSampleAge: 0s}} for this rule',
      };
    }
  },
};

/** The settings of all rules, and where one of them is written: in the rule, or for all in the file. */
function settingsIn({ subjects, structure, source }: RuleCheckContext) {
  const rules: { settings: RuleSettings; place: YamlPath }[] = subjects.map((subject) => ({
    settings: subject.source.settings,
    place: fieldOf(subject),
  }));
  const { resourceRules } = structure;
  if (resourceRules) rules.push({ settings: resourceRules.settings, place: ['resourceRules'] });
  return rules.map(({ settings, place }) => ({
    settings,
    field: (...field: readonly string[]): YamlPath => {
      const own = [...place, 'plimsoll', ...field];
      return isGiven(source.value, own) ? own : ['plimsoll', ...field];
    },
  }));
}

function isGiven(value: unknown, [first, ...rest]: YamlPath): boolean {
  if (first === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => key === String(first) && isGiven(part, rest));
}
