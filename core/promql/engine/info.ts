import { UsageError } from '../../errors';
import { quoteMeta } from '../../kube/go-regexp';
import { type Labels } from '../../kube/selector';
import { type CallExpr, type Expr, type VectorSelector } from '../language/ast';
import { formatLabels, keepLabels, labelsKey, labelValue, METRIC_NAME, NO_LABELS, setLabel } from '../labels';
import { Matcher } from '../language/matcher';
import { argument } from './arguments';
import { durationMs, timeOfAt } from '../language/query-context';
import { type Matrix } from './matrix';
import { type Compiler, type VectorNode } from './nodes';
import { type Run, timeOf } from './run';
import { type Element, RowCollector, StepReader, type Vector } from './steps';

/** Labels by which an info series belongs to others. */
const IDENTIFYING: readonly string[] = ['instance', 'job'];
const DEFAULT_NAME = new Matcher(METRIC_NAME, '=', 'target_info');

/** `info(vector, {data labels})`: adds labels of info metrics (`promql/info.go`). */
export function infoNode(call: CallExpr, compiler: Compiler): VectorNode {
  const base = argument(call, 0);
  const operand = compiler.vector(base);
  const [, selector] = call.args;
  const matchers = selector?.kind === 'vectorSelector' ? selector.matchers : [];
  const names = effectiveNames(matchers.filter(isOnName), selector !== undefined);
  const data = matchers.filter((matcher) => !isOnName(matcher));
  const bounds = sampleBounds(base, compiler);
  return (run) => {
    const matrix = operand(run);
    const isInfo = (labels: Labels): boolean =>
      names.every((matcher) => matcher.matches(labelValue(labels, METRIC_NAME)));
    const others = matrix.filter(({ labels }) => !isInfo(labels));
    const identities = identityMatchers(others.map(({ labels }) => labels));
    const infos =
      identities.length === 0
        ? []
        : infoSamples(run, [...identities, ...data, ...names], compiler.settings.lookbackMs, bounds(run));
    return combine(run, matrix, infos, isInfo, data);
  };
}

function isOnName({ label }: Matcher): boolean {
  return label === METRIC_NAME;
}

/** Which metrics are info metrics: those that a positive condition names, otherwise all `…_info`. */
function effectiveNames(matchers: readonly Matcher[], selected: boolean): readonly Matcher[] {
  if (!selected) return [DEFAULT_NAME];
  if (matchers.some(({ operator }) => operator === '=' || operator === '=~')) return matchers;
  return matchers.length > 0 ? [new Matcher(METRIC_NAME, '=~', '.+_info'), ...matchers] : [DEFAULT_NAME];
}

/** Conditions for the values that the identifying labels have. */
function identityMatchers(labels: readonly Labels[]): Matcher[] {
  return IDENTIFYING.flatMap((name) => {
    const values = new Set(labels.map((one) => labelValue(one, name)).filter((value) => value !== ''));
    return values.size === 0 ? [] : [new Matcher(name, '=~', Array.from(values, quoteMeta).join('|'))];
  });
}

interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Which samples of info series are looked at: the time range of the first selector of the operand. */
function sampleBounds(expr: Expr, { settings, context }: Compiler): (run: Run) => Bounds {
  const selector = firstSelector(expr);
  const offsetMs = selector?.offsetExpr
    ? durationMs(selector.offsetExpr, context, 'any')
    : (selector?.offsetMs ?? 0);
  const at = selector?.at;
  return (run) => {
    const startMs = at === undefined ? run.startMs : timeOfAt(at, context);
    const endMs = at === undefined ? run.endMs : startMs;
    return { fromMs: startMs - settings.lookbackMs + 1 - offsetMs, toMs: endMs - offsetMs };
  };
}

function firstSelector(expr: Expr): VectorSelector | undefined {
  switch (expr.kind) {
    case 'vectorSelector':
      return expr;
    case 'matrixSelector':
      return expr.selector;
    case 'subquery':
    case 'unary':
    case 'aggregate':
      return firstSelector(expr.operand);
    case 'binary':
      return firstSelector(expr.left) ?? firstSelector(expr.right);
    case 'call':
      return expr.args.map(firstSelector).find((found) => found !== undefined);
    case 'number':
    case 'string':
      return undefined;
  }
}

/** An info series at one step: its labels, and the time of its sample in place of a value. */
function infoSamples(
  run: Run,
  matchers: readonly Matcher[],
  lookbackMs: number,
  { fromMs, toMs }: Bounds,
): readonly Vector[] {
  const series = run.store.select(matchers);
  return Array.from({ length: run.steps }, (_, step) => {
    const atMs = timeOf(run, step);
    const newestMs = Math.min(atMs, toMs);
    const oldestMs = Math.max(atMs - lookbackMs, fromMs - 1);
    return series.flatMap((one): Element[] => {
      const times = one.timesAt(newestMs, newestMs - oldestMs);
      return times ? [{ labels: one.labels, value: times.atMs, dropName: false }] : [];
    });
  });
}

function combine(
  run: Run,
  matrix: Matrix,
  infos: readonly Vector[],
  isInfo: (labels: Labels) => boolean,
  data: readonly Matcher[],
): Matrix {
  const reader = new StepReader(matrix);
  const collector = new RowCollector();
  const infoNames = new Set(infos.flat().map(({ labels }) => labelValue(labels, METRIC_NAME)));
  for (let step = 0; step < run.steps; step++) {
    const newest = newestInfos(infos[step] ?? []);
    for (const { labels, value } of reader.at(step)) {
      const enriched = isInfo(labels) ? labels : enrich(labels, newest, infoNames, data);
      if (enriched) collector.add({ labels: enriched, value, dropName: false }, step);
    }
  }
  return collector.rows();
}

/** The newest info sample for each metric name and identity. */
function newestInfos(vector: Vector): ReadonlyMap<string, Element> {
  const newest = new Map<string, Element>();
  for (const info of vector) {
    const key = infoKey(labelValue(info.labels, METRIC_NAME), info.labels);
    const known = newest.get(key);
    if (known?.value === info.value) {
      throw new UsageError(
        `found duplicate series for info metric: existing ${formatLabels(known.labels)} @ ${known.value}, ` +
          `new ${formatLabels(info.labels)} @ ${info.value}`,
      );
    }
    if (!known || known.value < info.value) newest.set(key, info);
  }
  return newest;
}

function infoKey(name: string, labels: Labels): string {
  return JSON.stringify([name, labelsKey(keepLabels(labels, IDENTIFYING))]);
}

/** Labels with those of the info metrics; undefined if a data label is asked for that they do not give. */
function enrich(
  labels: Labels,
  infos: ReadonlyMap<string, Element>,
  infoNames: ReadonlySet<string>,
  data: readonly Matcher[],
): Labels | undefined {
  let added: Labels = NO_LABELS;
  let found = false;
  for (const name of infoNames) {
    const info = infos.get(infoKey(name, labels));
    if (!info) continue;
    found = true;
    added = withInfo(added, info.labels, labels, data);
  }
  if (!found && data.some((matcher) => !matcher.matches(''))) return undefined;
  return Object.entries(added).reduce((all, [name, value]) => setLabel(all, name, value), labels);
}

function withInfo(added: Labels, info: Labels, base: Labels, data: readonly Matcher[]): Labels {
  let result = added;
  for (const [name, value] of Object.entries(info)) {
    const wanted = data.length === 0 || data.some(({ label }) => label === name);
    if (name === METRIC_NAME || !wanted) continue;
    const known = labelValue(result, name);
    if (known !== '' && known !== value) throw new UsageError(`conflicting label: ${name}`);
    if (!Object.hasOwn(base, name)) result = setLabel(result, name, value);
  }
  return result;
}
