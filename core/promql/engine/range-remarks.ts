import { goQuote } from '../../kube/go-quote';
import { type Labels } from '../../kube/selector';
import { type CallExpr, type Position } from '../language/ast';
import { formatG } from '../go-float';
import { labelValue } from '../labels';
import { type Row } from './matrix';
import { type Run, type Settings } from './run';

const COUNTER_NAME = /_(?:total|sum|count|bucket)$/;

/** What remarks of a range function are about: its first argument. Prometheus forgets where subqueries stand. */
export function rangePosition({ args: [first] }: CallExpr): Position | undefined {
  return first?.kind === 'subquery' ? { start: 0, end: 0 } : first?.position;
}

/** Tells of rates of what does not look like a counter. */
export class MetricRemarks {
  readonly #wanted: boolean;
  /** The metric that was looked at last: most often they are all one. */
  #known: string | undefined;

  constructor(
    private readonly run: Run,
    private readonly call: CallExpr,
    private readonly settings: Settings,
  ) {
    this.#wanted = call.function === 'rate' || call.function === 'increase';
  }

  about(labels: Labels, name: string): void {
    const { typeAndUnitLabels } = this.settings;
    if (!this.#wanted || name === '' || (name === this.#known && !typeAndUnitLabels)) return;
    this.#known = name;
    const problem = typeAndUnitLabels ? typeProblem(labels) : nameProblem(name);
    if (problem === undefined) return;
    const text = `metric might not be a counter, ${problem} ${goQuote(name)}`;
    this.run.annotations.add({ severity: 'info', text, position: rangePosition(this.call) });
  }
}

function nameProblem(name: string): string | undefined {
  return COUNTER_NAME.test(name) ? undefined : 'name does not end in _total/_sum/_count/_bucket:';
}

function typeProblem(labels: Labels): string | undefined {
  const type = labelValue(labels, '__type__');
  if (type === 'counter' || type === 'histogram') return undefined;
  return `__type__ label is not set to "counter" or "histogram", got ${goQuote(type)}:`;
}

/** Warns of levels that are no quantiles, if there was anything to take a quantile of. */
export function remarkOnQuantile(
  run: Run,
  call: CallExpr,
  rows: readonly Row[],
  levels: readonly number[],
): void {
  if (call.function !== 'quantile_over_time') return;
  for (const level of new Set(rows.flatMap(({ steps }) => steps.map((step) => levels[step] ?? Number.NaN)))) {
    if (level >= 0 && level <= 1) continue;
    const text = `quantile value should be between 0 and 1, got ${formatG(level)}`;
    run.annotations.add({ severity: 'warning', text, position: call.args[0]?.position });
  }
}
