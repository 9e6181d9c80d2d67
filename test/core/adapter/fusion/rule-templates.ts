import { type Random } from '../../../../rehearsal/random';
import { Draw } from '../../../conformance/prometheus/draw';
import { seriesWith } from './cluster-data';
import { type ObjectKind } from './rule-requests';

/** Labels of series, and some that no series has. */
const LABELS = ['container', 'code', 'node', 'cpu', 'le', 'extra'];
const RANGES = ['1m', '90s', '5m'];

/**
 * Random `metricsQuery` templates: what rules have, and what looks like it but mixes objects, forgets a condition,
 * loses the namespace on one side or writes to the labels of objects.
 */
export class RuleTemplates extends Draw {
  private readonly series: readonly string[];

  constructor(
    random: Random,
    private readonly kind: ObjectKind,
  ) {
    super(random);
    this.series = seriesWith(kind === 'pod' ? ['pod', 'namespace'] : [kind]);
  }

  template(): string {
    const depth = 1 + this.random.below(3);
    return this.weighted([
      [20, () => this.aggregate(depth)],
      [6, () => `${this.aggregate(depth)} ${this.pick(['*', '>', '== bool', '/'])} ${this.number()}`],
      [8, () => this.operation(() => this.aggregate(depth - 1))],
      [22, () => this.joined()],
      [3, () => `-${this.aggregate(depth)}`],
      [3, () => `clamp_max(${this.aggregate(depth)}, ${this.number()})`],
      [
        3,
        () =>
          `histogram_quantile(0.9, sum by (<<.GroupBy>>, le) (rate(${this.selector('latency_bucket')}[5m])))`,
      ],
      [2, () => this.relabelled(this.aggregate(depth))],
      [
        1,
        () =>
          `count_values ${this.grouping()} ("${this.pick(['extra', 'code'])}", ${this.vector(depth - 1)})`,
      ],
      [1, () => this.vector(depth)],
      [1, () => `${this.aggregate(depth)} or vector(0)`],
    ]);
  }

  private vector(depth: number): string {
    if (depth <= 0) return this.leaf();
    return this.weighted([
      [6, () => this.aggregate(depth)],
      [6, () => this.operation(() => this.vector(depth - 1))],
      [4, () => this.leaf()],
      [3, () => `${this.pick(['abs', 'sgn', 'round', 'sort', 'floor', 'hour'])}(${this.vector(depth - 1)})`],
      [
        2,
        () => `${this.pick(['max', 'sum', 'last', 'count'])}_over_time((${this.vector(depth - 1)})[3m:1m])`,
      ],
      [3, () => this.relabelled(this.vector(depth - 1))],
      [2, () => `(${this.vector(depth - 1)}) ${this.pick(['*', '>', '<= bool', '%'])} ${this.number()}`],
      [1, () => `histogram_quantile(0.5, ${this.vector(depth - 1)})`],
      [1, () => `absent(${this.leaf()})`],
    ]);
  }

  private leaf(): string {
    const selector = this.selector(this.pick(this.series));
    return this.weighted([
      [4, () => selector],
      [
        3,
        () =>
          `${this.pick(['rate', 'increase', 'delta', 'avg_over_time', 'deriv', 'count_over_time'])}(${selector}[${this.pick(RANGES)}])`,
      ],
      [1, () => `${selector} offset 1m`],
      [1, () => `timestamp(${selector})`],
    ]);
  }

  /** Seldom one that lacks a condition, or has one beside. */
  private selector(name: string): string {
    return this.weighted([
      [60, () => `${name}{<<.LabelMatchers>>}`],
      [
        6,
        () => `${name}{<<.LabelMatchers>>,${this.pick(['container="app"', 'code!="500"', 'node=~"n.*"'])}}`,
      ],
      [3, () => `${name}{extra="",<<.LabelMatchers>>,namespace="shop"}`],
      [3, () => `${name}{${this.kind}=~<<names>>${this.kind === 'pod' ? ',namespace=<<namespace>>' : ''}}`],
      [1, () => `${name}{<<.LabelMatchers>>,pod!="db"}`],
      [1, () => `${name}{${this.kind}=~<<names>>}`],
      [1, () => `${name}{namespace=<<namespace>>}`],
      [1, () => `${name}{namespace="shop",${this.kind}=~<<names>>}`],
      [1, () => name],
    ]);
  }

  private aggregate(depth: number): string {
    const operand = this.vector(depth - 1);
    return this.weighted([
      [
        20,
        () =>
          `${this.pick(['sum', 'max', 'min', 'avg', 'count', 'stddev', 'group'])} ${this.grouping()} (${operand})`,
      ],
      [2, () => `quantile ${this.grouping()} (0.5, ${operand})`],
      [
        3,
        () =>
          `${this.whole()} (${this.pick(['topk', 'bottomk'])} ${this.grouping()} (${this.pick(['1', '2'])}, ${operand}))`,
      ],
      [
        2,
        () =>
          `${this.whole()} (count_values ${this.grouping()} ("${this.pick(['extra', 'code', 'pod', 'namespace'])}", ${operand}))`,
      ],
      [1, () => `${this.whole()} (topk by (<<.GroupBy>>) (scalar(${this.leaf()}), ${operand}))`],
      [1, () => `${this.whole()} (limitk by (<<.GroupBy>>) (1, ${operand}))`],
    ]);
  }

  /** An aggregation that leaves one result of each object. */
  private whole(): string {
    return `sum by (${this.pick(['', 'namespace, '])}<<.GroupBy>>)`;
  }

  private grouping(): string {
    const { kind } = this;
    return this.weighted([
      [14, () => 'by (<<.GroupBy>>)'],
      [5, () => `by (namespace, <<.GroupBy>>)`],
      [4, () => `by (<<.GroupBy>>, ${this.pick(LABELS)})`],
      [4, () => `without (${this.some([...LABELS, 'namespace']).join(', ')})`],
      [1, () => `without (${this.some([...LABELS, 'namespace', kind]).join(', ')})`],
      [1, () => `by (${this.some([...LABELS, 'namespace']).join(', ')})`],
    ]);
  }

  private operation(side: () => string): string {
    const left = side();
    const right = side();
    return this.weighted([
      [6, () => `(${left}) ${this.arithmetic()} ${this.matching()} (${right})`],
      [3, () => `(${left}) ${this.arithmetic()} ${this.matching()} ${this.group()} (${right})`],
      [4, () => `(${left}) ${this.pick(['and', 'or', 'unless'])} ${this.matching()} (${right})`],
    ]);
  }

  /** Results per object joined, with the namespace on both sides, on one or on none. */
  private joined(): string {
    const side = (): string => {
      const kept = `max by (${this.pick(['', 'namespace, '])}<<.GroupBy>>) (${this.leaf()})`;
      return this.random.below(6) === 0 ? this.relabelled(kept) : kept;
    };
    const [left, right] = [side(), side()];
    const on = this.pick([
      '',
      'on (<<.GroupBy>>)',
      'on (namespace, <<.GroupBy>>)',
      'ignoring (namespace)',
      'ignoring (extra)',
    ]);
    const group = this.pick([
      '',
      'group_left ()',
      'group_left (namespace)',
      'group_right ()',
      'group_right (namespace)',
    ]);
    return this.weighted([
      [3, () => `(${left}) ${this.arithmetic()} ${on} ${on === '' ? '' : group} (${right})`],
      [2, () => `(${left}) ${this.pick(['and', 'or', 'unless'])} ${on} (${right})`],
    ]);
  }

  private arithmetic(): string {
    return this.pick(['+', '-', '*', '/', '>', '<= bool', '!=', '^']);
  }

  private group(): string {
    const labels = this.some([...LABELS.slice(0, 3), ...(this.random.below(2) === 0 ? ['namespace'] : [])]);
    return `${this.pick(['group_left', 'group_right'])} (${labels.join(', ')})`;
  }

  private matching(): string {
    return this.weighted([
      [6, () => ''],
      [8, () => 'on (<<.GroupBy>>)'],
      [4, () => `on (namespace, <<.GroupBy>>)`],
      [2, () => `on (<<.GroupBy>>, ${this.pick(LABELS)})`],
      [5, () => `ignoring (${this.some([...LABELS, 'namespace']).join(', ')})`],
      [1, () => `ignoring (${this.some([...LABELS, this.kind]).join(', ')})`],
      [1, () => `on (${this.some([...LABELS, 'namespace']).join(', ')})`],
    ]);
  }

  private relabelled(operand: string): string {
    const labels = [...LABELS, ...LABELS, 'container', 'container', this.kind, 'namespace'];
    const value = this.pick(['$1-x', '$1-x', 'shop', 'web']);
    const [to, from] = [this.pick(labels), this.pick([...LABELS, 'namespace', 'namespace', 'pod'])];
    return this.weighted([
      [2, () => `label_replace(${operand}, "${to}", "${value}", "${from}", "(.).*")`],
      [1, () => `label_join(${operand}, "${to}", "/", "${from}", "code")`],
    ]);
  }

  private number(): string {
    return this.weighted([
      [8, () => String(1 + this.random.below(5))],
      [2, () => 'time()'],
      [1, () => `scalar(${this.leaf()})`],
    ]);
  }
}
