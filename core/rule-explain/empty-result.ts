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

/** Why a query has no result, found by asking for its parts. */
export function* whyEmpty(query: string): Asking<string> {
  let uses: readonly SelectorUse[];
  try {
    uses = selectorsOf(parseExpr(query));
  } catch (error) {
    return messageOf(error);
  }
  for (const use of uses) {
    const problem = yield* whyNothingRead(use);
    if (problem !== undefined) return problem;
  }
  return 'each of its selectors finds series, but what is done with them leaves nothing: compare the labels on both sides of operators, and filters such as > 0';
}

function* whyNothingRead(use: SelectorUse): Asking<string | undefined> {
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
  for (const matcher of conditions) {
    if (!(yield* isEmpty({ ...use, matchers: [...ofName, matcher] }))) continue;
    unmet.push(matcher.toString() + (yield* valuesThere({ ...use, matchers: ofName }, matcher)));
  }
  return unmet.length > 0
    ? `no series ${use.name} has ${unmet.join(', or ')}${window}`
    : `no series satisfies all of ${all}${window}`;
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
