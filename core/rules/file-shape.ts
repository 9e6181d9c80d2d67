import { UsageError } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { POLICY_CHOICES } from './policies';
import { FUSION_CHOICES, STALENESS_ACTIONS } from './rule-settings';
import { sources } from './source-shape';
import {
  choice,
  described,
  list,
  optional,
  optionalBoolean,
  parsed,
  record,
  type Shape,
  string,
  struct,
} from './yaml';

/** A Prometheus duration; absent without one. */
const duration: Shape<number | undefined> = parsed<number | undefined>(parsePrometheusDuration, undefined, {
  kind: 'duration',
});

const groupResource = struct({
  group: described(string, 'API group of the resource.', 'the core group, or any that has the resource'),
  resource: described(string, 'Name of the resource, plural or singular.'),
});

const resources = struct({
  template: described(string, 'Go template of the label of a resource, from `.Group` and `.Resource`.'),
  overrides: described(record(groupResource), 'Label → resource; wins over the template.'),
  namespaced: described(
    optionalBoolean,
    'Whether external queries are confined to the namespace of the request.',
    'true',
  ),
});

const MAX_AGE = 'How far back the listing of series looks';
const CONFLICTS =
  'A metric that several series or rules make: the last counts (`upstream`), or requests for it fail (`refuse`)';
const STALENESS = 'What the age of samples means. It costs one more query for each of the rule’s';

/** What a rule may say beyond upstream. */
const ruleSection = {
  objectNames: described(
    choice(POLICY_CHOICES.objectNames),
    'Names of objects in a query for several: as they are (`upstream`) or escaped (`literal`).',
    'upstream',
  ),
  nan: described(
    choice(POLICY_CHOICES.nan),
    'A result that is NaN: upstream’s number, 0, left out, or a failure.',
    'upstream',
  ),
  infinity: described(
    choice(POLICY_CHOICES.infinity),
    'A result that no quantity can hold: upstream’s number, left out, the nearest number, or a failure.',
    'upstream',
  ),
  conflicts: described(choice(POLICY_CHOICES.conflicts), `${CONFLICTS}.`, 'upstream'),
  duplicates: described(
    choice(POLICY_CHOICES.duplicates),
    'Several results for one object: the last counts (`upstream`), they are added, or the request fails.',
    'upstream',
  ),
  source: described(
    optional(string),
    'Key of `plimsoll.sources`; empty for the endpoint of the flags.',
    'the endpoint of the flags',
  ),
  freshness: described(
    duration,
    'How long an answer of the source may be used again; `0s` keeps none. Who asks while a query is under way shares it.',
    '7s500ms, half the period of the autoscaler',
  ),
  maxAge: described(duration, `${MAX_AGE}.`, '--metrics-max-age'),
  fusion: described(
    choice(FUSION_CHOICES),
    '`auto` answers several requests with one query where that is provably the same; `off` never does.',
    'auto',
  ),
  staleness: described(
    struct({
      maxSampleAge: described(
        duration,
        'Age from which the newest sample of an object is too old; `0s` switches off what is inherited. A sample is lost to instant queries after five minutes, whatever is written here.',
      ),
      action: described(
        choice(STALENESS_ACTIONS),
        'Objects whose sample is too old are left out (`skip`), or fail the request (`error`).',
        'skip',
      ),
    }),
    `${STALENESS}.`,
    'their age does not matter',
  ),
};

const section = struct(ruleSection);

/** What `resourceRules` may say beyond upstream: they have no names, no listing, and tell the time of their samples. */
const resourceSection = struct(
  {
    objectNames: ruleSection.objectNames,
    nan: described(
      choice(POLICY_CHOICES.nan),
      'A usage that is NaN: 0 (`upstream`, `zero`), its pod or node is left out, or its namespace fails.',
      'upstream',
    ),
    infinity: described(
      choice(POLICY_CHOICES.infinity),
      'A usage that no quantity can hold: upstream’s number, its pod or node is left out, the nearest number, or its namespace fails.',
      'upstream',
    ),
    duplicates: described(
      choice(POLICY_CHOICES.duplicates),
      'Several results for one container or node: the last of a container and the first of a node count (`upstream`), they are added, or the namespace fails.',
      'upstream',
    ),
    source: ruleSection.source,
    freshness: ruleSection.freshness,
    fusion: ruleSection.fusion,
  },
  {
    conflicts:
      'means nothing for resourceRules: nothing else makes CPU and memory, so nothing can conflict: leave it out',
    maxAge: 'means nothing for resourceRules: their series are not listed: leave it out',
    staleness:
      'means nothing for resourceRules: the answer has the time of the samples, by which autoscalers judge them: leave it out',
  },
);

const rule = struct({
  seriesQuery: described(string, 'Selector of the series that the rule is about.'),
  seriesFilters: described(
    list(
      struct({
        is: described(string, 'Regular expression that is found in the name.'),
        isNot: described(string, 'Regular expression that is not found in the name.'),
      }),
    ),
    'Conditions on the names of the series, each with one of `is` and `isNot`.',
  ),
  resources: described(resources, 'Which label names which object.'),
  name: described(
    struct({
      matches: described(string, 'Regular expression that is found in the name of a series.', '.*'),
      as: described(string, 'Name of the metric, with `$1` for what a group took.', '$0 or $1'),
    }),
    'How the name of a series becomes that of a metric.',
  ),
  metricsQuery: described(string, 'Go template of the query that answers a request.'),
  plimsoll: described(section, 'What holds for this rule alone.', 'what the file says'),
});

const resourceRule = struct({
  containerQuery: described(string, 'Go template of the query for containers.'),
  nodeQuery: described(string, 'Go template of the query for nodes.'),
  resources: described(resources, 'Which labels name pods, namespaces and nodes.'),
  containerLabel: described(string, 'Label that names the container.'),
});

const resourceRules = struct({
  cpu: described(resourceRule, 'Use of CPU, in cores.'),
  memory: described(resourceRule, 'Use of memory, in bytes.'),
  window: described(
    parsed(parseWindow, 0, { kind: 'duration' }),
    'Length of time that the numbers are taken over, as the API reports it.',
  ),
  plimsoll: described(resourceSection, 'What holds for these rules alone.', 'what the file says'),
});

/** The whole file: what its reader accepts, and what the JSON schema and the reference say. */
export const configFile = struct({
  rules: described(list(rule), 'Rules of `custom.metrics.k8s.io`.'),
  externalRules: described(list(rule), 'Rules of `external.metrics.k8s.io`.'),
  resourceRules: described(optional(resourceRules), 'Queries of `metrics.k8s.io`.', 'the API is not served'),
  plimsoll: described(
    struct({
      ...ruleSection,
      conflicts: described(ruleSection.conflicts, `${CONFLICTS}. Not of \`resourceRules\`.`, 'upstream'),
      maxAge: described(ruleSection.maxAge, `${MAX_AGE}. Not of \`resourceRules\`.`, '--metrics-max-age'),
      staleness: described(
        ruleSection.staleness,
        `${STALENESS}. Not of \`resourceRules\`.`,
        'their age does not matter',
      ),
      sources: described(sources, 'Endpoints that rules read from, by name.'),
    }),
    'What upstream does not know, for all rules that do not say otherwise.',
  ),
});

type Given<Read> = Read extends Shape<infer Value> ? Value : never;
export type GivenSection = Given<typeof section>;
export type GivenResourceSection = Given<typeof resourceSection>;
export type GivenRule = Given<typeof rule>;
export type GivenResourceRule = Given<typeof resourceRule>;
export type GivenMapping = Given<typeof resources>;

function parseWindow(text: string): number {
  if (text === '') throw new UsageError('empty duration: write it like 30s, 5m or 1d12h');
  return parsePrometheusDuration(text);
}
