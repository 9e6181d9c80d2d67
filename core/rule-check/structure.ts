import { messageOf } from '../errors';
import { configProblems, readAdapterConfig, type AdapterConfig } from '../rules';
import { type YamlPath, type YamlSource } from '../yaml';

/** A place where the file does not have the form that the adapter wants. */
export interface StructureProblem {
  readonly path: YamlPath;
  readonly message: string;
}

/** What can be read of a configuration file. */
export interface Structure {
  /** Every place that keeps the adapter from reading the file. */
  readonly problems: readonly StructureProblem[];
  /** The rules that have the right form, and where they stand. */
  readonly rules: readonly PlacedRule[];
  readonly resourceRules?: AdapterConfig['resourceRules'];
  /** Absent if the file cannot be read. */
  readonly sources?: AdapterConfig['sources'] | undefined;
}

/** A rule as it is written. */
export type RuleSource = AdapterConfig['rules'][number];

export interface PlacedRule {
  readonly list: RuleList;
  readonly index: number;
  readonly source: RuleSource;
}

export const RULE_LISTS = ['rules', 'externalRules'] as const;
export type RuleList = (typeof RULE_LISTS)[number];

/** Names the source while parts of the file are read on their own. */
const PART = 'part';

/**
 * Reads a configuration by the reader that the adapter is modelled with. Where that refuses the file, its parts are
 * read one by one, so that all problems are found and the rules without any are known.
 */
export function readStructure(source: YamlSource, where: string): Structure {
  if (source.broken) return undamagedRules(source);
  const whole = attempt(source.text, where);
  if ('config' in whole) {
    const { rules, externalRules, resourceRules, sources } = whole.config;
    const placed = { rules, externalRules };
    return {
      problems: [...configProblems(whole.config)],
      sources,
      rules: RULE_LISTS.flatMap((list) =>
        placed[list].map((rule, index): PlacedRule => ({ list, index, source: rule })),
      ),
      ...(resourceRules ? { resourceRules } : {}),
    };
  }
  const { value } = source;
  const problems = problemsIn([], value, (part) => part);
  const resourceRules = configOf(pick(value, 'resourceRules'))?.resourceRules;
  return {
    problems: problems.length > 0 ? problems : [{ path: [], message: whole.problem }],
    rules: RULE_LISTS.flatMap((list) => readableRules(value, list)),
    ...(resourceRules ? { resourceRules } : {}),
  };
}

/** The rules that what is wrong with the notation does not touch. */
function undamagedRules(source: YamlSource): Structure {
  const rules = RULE_LISTS.flatMap((list) => readableRules(source.value, list));
  return { problems: [], rules: rules.filter(({ list, index }) => !source.isDamaged([list, index])) };
}

function readableRules(value: unknown, list: RuleList): PlacedRule[] {
  const items = isRecord(value) ? value[list] : undefined;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown, index): PlacedRule[] => {
    // Sections of the whole file, such as policies, hold for its rules.
    const sections = isRecord(value)
      ? { ...value, rules: [], externalRules: [], resourceRules: undefined }
      : {};
    const source = (configOf({ ...sections, [list]: [item] }) ?? configOf({ [list]: [item] }))?.[list][0];
    return source ? [{ list, index, source }] : [];
  });
}

/** The innermost values that are refused when they stand alone. */
function problemsIn(path: YamlPath, value: unknown, around: (part: unknown) => unknown): StructureProblem[] {
  const read = attempt(JSON.stringify(around(value)), PART);
  if ('config' in read) return [];
  const inside = partsOf(value).flatMap(({ step, part, holding }) =>
    problemsIn([...path, step], part, (inner) => around(holding(inner))),
  );
  const { message, depth } = withoutPlace(read.problem);
  // A mapping where a list belongs is wrong by itself, not by each of its entries.
  const isOwn = depth === path.length && /^must be .*, is a (?:mapping|list)$/.test(message);
  return isOwn || inside.length === 0 ? [{ path, message }] : inside;
}

function partsOf(value: unknown): {
  readonly step: string | number;
  readonly part: unknown;
  readonly holding: (inner: unknown) => unknown;
}[] {
  if (Array.isArray(value)) {
    return value.map((part: unknown, step) => ({ step, part, holding: (inner) => [inner] }));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([step, part]) => ({
    step,
    part,
    holding: (inner) => ({ [step]: inner }),
  }));
}

/** A rule with these fields, if they can be read. */
export function ruleOf(fields: Partial<RuleSource>): RuleSource | undefined {
  return configOf({ rules: [fields] })?.rules[0];
}

function configOf(value: unknown): AdapterConfig | undefined {
  const read = attempt(JSON.stringify(value), PART);
  return 'config' in read ? read.config : undefined;
}

function attempt(
  text: string,
  where: string,
): { readonly config: AdapterConfig } | { readonly problem: string } {
  try {
    return { config: readAdapterConfig(text, where) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** The message without the place in the part, and how deep the value is that it is about. */
function withoutPlace(problem: string): { readonly message: string; readonly depth: number } {
  const text = problem.replace(/^part(?::\d+:\d+)?: /, '');
  const path = /^\w+(?:\[\d+\]|\.[^\s:.[]+)*(?=: )/.exec(text)?.[0] ?? '';
  const depth = path === '' ? 0 : path.split(/[.[]/).length;
  return { message: path === '' ? text : text.slice(path.length + 2), depth };
}

function pick(value: unknown, key: string): Readonly<Record<string, unknown>> {
  return isRecord(value) && key in value ? { [key]: value[key] } : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
