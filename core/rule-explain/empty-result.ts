import { didYouMean } from '../did-you-mean';
import { messageOf } from '../errors';
import { formatDuration } from '../kube/duration';
import { type Matcher, parseExpr, printExpr, type Expr, type SelectorUse, selectorsOf } from '../promql';
import { askQuery, type Asking } from './question';

const METRIC_NAME = '__name__';
/** Values of a label that are told. */
const LISTED = 5;
/** Functions that need two samples in their window. */
const OF_TWO: readonly string[] = ['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv'];

/**
 * What an explanation may look at that is for somebody who may not see everything: a rule and a namespace confine the
 * request, and what it asks besides is the client's own choice.
 */
export interface Confinement {
  /** The namespace of the request, if it has one. */
  readonly namespace?: string | undefined;
  /** Label that names the object. */
  readonly objectLabel?: string | undefined;
  /** Labels that the client has chosen matchers for. */
  readonly chosen: ReadonlySet<string>;
}

/**
 * Why a query has no result, found by asking for its parts.
 * @param confined keeps what is told within what the query itself may select; absent for who may see all series
 */
export function* whyEmpty(query: string, confined?: Confinement): Asking<string> {
  let uses: readonly SelectorUse[];
  try {
    uses = selectorsOf(parseExpr(query));
  } catch (error) {
    return messageOf(error);
  }
  for (const use of uses) {
    const problem = yield* whyNothingRead(use, confined);
    if (problem !== undefined) return problem;
  }
  return 'each of its selectors finds series, but what is done with them leaves nothing: compare the labels on both sides of operators, and filters such as > 0';
}

function* whyNothingRead(use: SelectorUse, confined: Confinement | undefined): Asking<string | undefined> {
  const selector = selectorOf(use);
  const counts = yield* askQuery(printExpr(countOf(selector, use.rangeMs)));
  if (!('type' in counts) || counts.type !== 'vector') return undefined;
  if (counts.samples.length > 0)
    return tooFewSamples(use, Math.max(...counts.samples.map(({ value }) => value)));
  const window = windowText(use);
  const all = printExpr(selector);
  const unmet: string[] = [];
  const conditions = use.matchers.filter(({ label }) => label !== METRIC_NAME);
  if (use.name === undefined) return `${all} selects nothing${window}`;
  const ofName = use.matchers.filter(({ label }) => label === METRIC_NAME);
  if (yield* isEmpty({ ...use, matchers: ofName })) return `there is no series ${use.name}${window}`;
  for (const { matchers, within } of passesOf(conditions, confined)) {
    const narrowed = { ...use, matchers: [...ofName, ...within] };
    if (within.length > 0 && (yield* isEmpty(narrowed))) break;
    const tells = !confined || isConfined(within, confined);
    for (const matcher of matchers) {
      if (!(yield* isEmpty({ ...narrowed, matchers: [...narrowed.matchers, matcher] }))) continue;
      unmet.push(`${matcher.toString()}${tells ? yield* valuesThere(narrowed, matcher) : ''}`);
    }
    if (unmet.length > 0) break;
  }
  return unmet.length > 0
    ? `no series ${use.name} has ${unmet.join(', or ')}${window}`
    : `no series satisfies all of ${all}${window}`;
}

/** Conditions that are looked at one by one, and those that hold meanwhile. */
interface Pass {
  readonly matchers: readonly Matcher[];
  readonly within: readonly Matcher[];
}

/** Where not everything may be seen, what the client has chosen is looked at within what it has not. */
function passesOf(conditions: readonly Matcher[], confined: Confinement | undefined): readonly Pass[] {
  if (!confined) return [{ matchers: conditions, within: [] }];
  const isGiven = ({ label, value }: Matcher) =>
    value === confined.namespace || (!confined.chosen.has(label) && label !== confined.objectLabel);
  const within = conditions.filter(isGiven);
  return [
    { matchers: within, within: [] },
    { matchers: conditions.filter((matcher) => !isGiven(matcher)), within },
  ];
}

/** Whether what is selected is all of the request's namespace. */
function isConfined(within: readonly Matcher[], { namespace, chosen }: Confinement): boolean {
  return within.some(
    ({ label, operator, value }) => operator === '=' && value === namespace && !chosen.has(label),
  );
}

/** The values that a label has instead, where there are not too many to tell. */
function* valuesThere(use: SelectorUse, { label, value }: Matcher): Asking<string> {
  const operand = selectorOf(use);
  const grouping = { without: false, labels: [label] };
  const found = yield* askQuery(printExpr({ kind: 'aggregate', operator: 'group', operand, grouping }));
  if (!('type' in found) || found.type !== 'vector') return '';
  const values = found.samples.flatMap(({ labels }) => labels[label] ?? []).sort();
  if (values.length === 0) return ` (it has no label ${label})`;
  const shown = values.slice(0, LISTED).join(', ');
  return values.length <= LISTED
    ? ` (there is ${shown})`
    : ` (there are ${values.length} values, such as ${shown}${didYouMean(value, values)})`;
}

function* isEmpty(use: SelectorUse): Asking<boolean> {
  const counts = yield* askQuery(printExpr(countOf(selectorOf(use), use.rangeMs)));
  return 'type' in counts && counts.type === 'vector' && counts.samples.length === 0;
}

function tooFewSamples(use: SelectorUse, most: number): string | undefined {
  const { functions, rangeMs, name } = use;
  const needing = functions.find((named) => OF_TWO.includes(named));
  if (needing === undefined || rangeMs === undefined || most >= 2) return undefined;
  return `${needing}() needs two samples, and ${name ?? 'each series'} has one${windowText(use)}: the window is too short, or the series is too young`;
}

/** Which samples were looked for, where these are not those of now. */
function windowText({ rangeMs, offsetMs, at }: SelectorUse): string {
  const moved = offsetMs === 0 ? [] : [`offset ${signedDuration(offsetMs)}`];
  const window = rangeMs === undefined ? '' : ` in the last ${formatDuration(rangeMs)}`;
  if (typeof at === 'object') {
    const written = [`@ ${at.atMs / 1000}`, ...moved].join(' ');
    return `${window}${window === '' ? ' at' : ' before'} Unix time ${(at.atMs - offsetMs) / 1000} (${written})`;
  }
  return moved.length === 0 ? window : `${window} with ${moved.join('')}`;
}

function signedDuration(milliseconds: number): string {
  return `${milliseconds < 0 ? '-' : ''}${formatDuration(Math.abs(milliseconds))}`;
}

function selectorOf({ name, matchers, offsetMs, at }: SelectorUse): Expr & { kind: 'vectorSelector' } {
  return { kind: 'vectorSelector', name, matchers, offsetMs, at };
}

/** How many samples each series has in the window, or how many series there are now. */
function countOf(selector: Expr & { kind: 'vectorSelector' }, rangeMs: number | undefined): Expr {
  if (rangeMs === undefined) {
    return {
      kind: 'aggregate',
      operator: 'count',
      operand: selector,
      grouping: { without: false, labels: [] },
    };
  }
  return { kind: 'call', function: 'count_over_time', args: [{ kind: 'matrixSelector', selector, rangeMs }] };
}
