import { SelectorExpressions, type Vector } from './selector-expressions';
import * as words from './vocabulary';

const NO_LABELS: readonly string[] = [];

/**
 * Random expressions over the whole language, well typed and mostly such that they find something. Which ones depends
 * on the random numbers and the features alone.
 */
export class Expressions extends SelectorExpressions {
  /** An expression of any type; the depth is how many operations may be nested. */
  any(depth: number): string {
    const kind = this.random.below(40);
    if (kind === 0) return this.scalar(depth);
    if (kind === 1) return this.matrix(depth);
    return this.vector(depth).text;
  }

  /** One that a range query takes. */
  vectorOrScalar(depth: number): string {
    return this.random.below(30) === 0 ? this.scalar(depth) : this.vector(depth).text;
  }

  private vector(depth: number): Vector {
    if (depth <= 0) return this.random.below(3) === 0 ? this.rangeFunction(0) : this.selector();
    return this.weighted<Vector>([
      [2, () => this.selector()],
      [10, () => this.rangeFunction(depth)],
      [9, () => this.aggregation(depth)],
      [9, () => this.binary(depth)],
      [6, () => this.elementFunction(depth)],
      [3, () => this.labelFunction(depth)],
      [2, () => this.histogramFunction(depth)],
      [1, () => this.dateFunction(depth)],
      [1, () => this.ofScalar(depth)],
      [this.features.has('promql-experimental-functions') ? 3 : 0, () => this.experimentalFunction(depth)],
      [1, () => this.signed(this.vector(depth - 1))],
    ]);
  }

  private matrix(depth: number): string {
    if (depth > 0 && this.random.below(4) === 0) return this.subquery(depth);
    return `${this.plainSelector().text}[${this.range()}]${this.modifiers()}`;
  }

  private subquery(depth: number): string {
    const inner = this.vector(Math.min(depth - 1, 2)).text;
    const range = this.pick(['2m', '5m', '10m', '20m']);
    const step = this.pick(['', '30s', '1m', '45s', '2m', '17s']);
    return `(${inner})[${range}:${step}]${this.modifiers()}`;
  }

  private rangeFunction(depth: number): Vector {
    const matrix = this.rangeArgument(depth);
    const { labels } = matrix;
    const kept = this.random.below(12);
    if (kept === 0) return { text: `quantile_over_time(${this.scalar(depth - 1)}, ${matrix.text})`, labels };
    if (kept === 1) return { text: `predict_linear(${matrix.text}, ${this.scalar(depth - 1)})`, labels };
    if (kept === 2 && this.features.has('promql-extended-range-selectors')) return this.extendedFunction();
    return { text: `${this.pick(words.RANGE_FUNCTIONS)}(${matrix.text})`, labels };
  }

  private rangeArgument(depth: number): Vector {
    if (depth > 0 && this.random.below(5) === 0)
      return { text: this.subquery(depth), labels: ['job', 'instance'] };
    const { text, labels } = this.plainSelector();
    return { text: `${text}[${this.range()}]${this.modifiers()}`, labels };
  }

  private extendedFunction(): Vector {
    const { text, labels } = this.plainSelector();
    const smoothed = this.random.below(2) === 0;
    const name = this.pick(smoothed ? words.SMOOTHED_FUNCTIONS : words.ANCHORED_FUNCTIONS);
    const modifier = smoothed ? 'smoothed' : 'anchored';
    return { text: `${name}(${text}[${this.range()}] ${modifier}${this.modifiers()})`, labels };
  }

  private aggregation(depth: number): Vector {
    const operand = this.vector(depth - 1);
    const operator = this.weighted([
      [10, () => ({ text: this.pick(words.PLAIN_AGGREGATORS), parameter: '' })],
      [3, () => ({ text: this.pick(['topk', 'bottomk']), parameter: this.count(depth) })],
      [2, () => ({ text: 'quantile', parameter: this.fraction(depth) })],
      [
        1,
        () => ({
          text: 'count_values',
          parameter: this.pick(['"value"', '"job"', '"with space"', '"__name__"']),
        }),
      ],
      [this.features.has('promql-experimental-functions') ? 2 : 0, () => this.limit(depth)],
    ]);
    const { clause, labels } = this.grouping(operand.labels);
    const args = operator.parameter === '' ? operand.text : `${operator.parameter}, ${operand.text}`;
    const kept = ['topk', 'bottomk', 'limitk', 'limit_ratio'].includes(operator.text)
      ? operand.labels
      : labels;
    const before = this.random.below(2) === 0;
    const text = before ? `${operator.text}${clause} (${args})` : `${operator.text}(${args})${clause}`;
    return { text, labels: kept };
  }

  private limit(depth: number): { text: string; parameter: string } {
    return this.random.below(2) === 0
      ? { text: 'limitk', parameter: this.count(depth) }
      : {
          text: 'limit_ratio',
          parameter: this.pick(['0.5', '-0.5', '0.1', '0.9', '1', '-0.9', '2', '-1.5', '0']),
        };
  }

  private count(depth: number): string {
    return this.random.below(10) === 0
      ? this.scalar(depth - 1)
      : this.pick(['1', '2', '3', '5', '2.9', '0', '100']);
  }

  private fraction(depth: number): string {
    return this.random.below(8) === 0
      ? this.scalar(depth - 1)
      : this.pick(['0.5', '0.9', '0', '1', '0.33', '1.1', '-1', 'NaN']);
  }

  private grouping(labels: readonly string[]): { clause: string; labels: readonly string[] } {
    const some = this.some(labels);
    return this.weighted([
      [3, () => ({ clause: '', labels: NO_LABELS })],
      [5, () => ({ clause: ` by (${names(some)})`, labels: some })],
      [
        2,
        () => ({
          clause: ` without (${names(some)})`,
          labels: labels.filter((label) => !some.includes(label)),
        }),
      ],
      [1, () => ({ clause: ` by (${names([...some, '__name__'])})`, labels: some })],
      [
        1,
        () => ({
          clause: ` without (${names([...some, 'nothing'])})`,
          labels: labels.filter((label) => !some.includes(label)),
        }),
      ],
    ]);
  }

  private binary(depth: number): Vector {
    return this.weighted<Vector>([
      [5, () => this.withScalar(depth)],
      [4, () => this.withItself(depth)],
      [4, () => this.sameGroups(depth)],
      [5, () => this.manyToOne(depth)],
      [4, () => this.setOperation(depth)],
      [1, () => this.anyTwo(depth)],
    ]);
  }

  private withScalar(depth: number): Vector {
    const { text, labels } = this.vector(depth - 1);
    const operator = this.operator();
    const [left, right] =
      this.random.below(3) === 0 ? [this.scalar(depth - 1), text] : [text, this.scalar(depth - 1)];
    return { text: `(${left}) ${operator} (${right})`, labels };
  }

  private withItself(depth: number): Vector {
    const { text, labels } = this.vector(depth - 1);
    const other = this.random.below(2) === 0 ? text : `${this.pick(['abs', 'sgn', 'floor'])}(${text})`;
    const clause = this.random.below(4) === 0 ? this.matchingOn(labels, labels.length) : '';
    return { text: `(${text}) ${this.operator()}${clause}${this.fill()} (${other})`, labels };
  }

  /** Both sides aggregated by the same labels. */
  private sameGroups(depth: number): Vector {
    const [left, right] = [this.vector(depth - 1), this.vector(depth - 1)];
    const shared = left.labels.filter((label) => right.labels.includes(label));
    const labels = this.some(shared);
    const side = ({ text }: Vector): string =>
      `${this.pick(['sum', 'max', 'avg', 'count', 'min'])} by (${names(labels)}) (${text})`;
    const clause = this.random.below(3) === 0 ? this.matchingOn(labels, labels.length) : '';
    return { text: `${side(left)} ${this.operator()}${clause}${this.fill()} ${side(right)}`, labels };
  }

  private manyToOne(depth: number): Vector {
    const many = this.vector(depth - 1);
    const one = this.vector(depth - 1);
    const shared = many.labels.filter((label) => one.labels.includes(label));
    const labels = this.some(shared);
    const extra = one.labels.filter((label) => !labels.includes(label)).slice(0, this.random.below(2));
    const single = `${this.pick(['sum', 'max', 'avg', 'min'])} by (${names([...labels, ...extra])}) (${one.text})`;
    const left = this.random.below(2) === 0;
    const include = extra.length > 0 && this.random.below(3) > 0 ? names(extra) : this.pick(['', 'missing']);
    const clause = ` on (${names(labels)}) group_${left ? 'left' : 'right'} (${include})${this.fill()}`;
    const [first, second] = left ? [many.text, single] : [single, many.text];
    return { text: `(${first}) ${this.operator()}${clause} (${second})`, labels: many.labels };
  }

  private setOperation(depth: number): Vector {
    const [left, right] = [this.vector(depth - 1), this.vector(depth - 1)];
    const shared = left.labels.filter((label) => right.labels.includes(label));
    const clause = this.random.below(2) === 0 ? this.matchingOn(this.some(shared), 9) : '';
    return {
      text: `(${left.text}) ${this.pick(words.SET_OPERATORS)}${clause} (${right.text})`,
      labels: left.labels,
    };
  }

  /** Whatever the labels: mostly nothing, or an error. */
  private anyTwo(depth: number): Vector {
    const [left, right] = [this.vector(depth - 1), this.vector(depth - 1)];
    const clause = this.matchingOn([...left.labels, ...right.labels], 2);
    return { text: `(${left.text}) ${this.operator()}${clause} (${right.text})`, labels: left.labels };
  }

  private matchingOn(labels: readonly string[], most: number): string {
    const some = this.some(labels).slice(0, most);
    if (this.random.below(3) > 0) return ` on (${names(some)})`;
    return ` ignoring (${names(this.pick([[], ['nothing'], some]))})`;
  }

  private fill(): string {
    if (!this.features.has('promql-binop-fill-modifiers') || this.random.below(4) > 0) return '';
    return this.pick([
      ' fill (0)',
      ' fill_left (1)',
      ' fill_right (-2.5)',
      ' fill_left (3) fill_right (0)',
      ' fill (NaN)',
    ]);
  }

  private operator(): string {
    if (this.random.below(3) > 0) return this.pick(words.ARITHMETIC);
    const comparison = this.pick(words.COMPARISONS);
    return this.random.below(2) === 0 ? comparison : `${comparison} bool`;
  }

  private elementFunction(depth: number): Vector {
    const { text, labels } = this.vector(depth - 1);
    const name = this.pick([...words.ELEMENT_FUNCTIONS, 'clamp', 'clamp_min', 'clamp_max']);
    const number = (): string => this.scalar(depth - 1);
    const wrap = (...args: readonly string[]): Vector => ({ text: `${name}(${args.join(', ')})`, labels });
    if (name === 'clamp') return wrap(text, number(), number());
    if (name.startsWith('clamp')) return wrap(text, number());
    if (name === 'round' && this.random.below(2) === 0) return wrap(text, number());
    if (name === 'timestamp' && this.random.below(2) === 0) return wrap(this.selector().text);
    return wrap(text);
  }

  private labelFunction(depth: number): Vector {
    const { text, labels } = this.vector(depth - 1);
    const source = labels.length > 0 ? this.pick(labels) : 'job';
    const target = this.pick(['new', 'job', source, '__name__', 'with space', '']);
    const quoted = JSON.stringify(target);
    if (this.random.below(3) === 0) {
      const sources = [...this.some(labels), ...(this.random.below(3) === 0 ? ['nothing'] : [])];
      const list = sources.map((label) => `, ${JSON.stringify(label)}`).join('');
      return {
        text: `label_join(${text}, ${quoted}, ${this.pick(['"-"', '""', '", "'])}${list})`,
        labels: [...labels, 'new'],
      };
    }
    const expression = this.pick([
      '"(.*)"',
      '"(.).*"',
      '"(a|b).*"',
      '"x(?P<name>.*)"',
      '"(.*):(.*)"',
      '""',
      '"("',
    ]);
    const replacement = this.pick(['"$1"', '"x-$1"', '"$2$1"', '"$name"', '""', '"fixed"', '"${1}0"']);
    const args = [text, quoted, replacement, JSON.stringify(source), expression];
    return { text: `label_replace(${args.join(', ')})`, labels: [...labels, 'new'] };
  }

  private histogramFunction(depth: number): Vector {
    const metric = this.pick(words.BUCKET_METRICS);
    const labels = ['job', 'instance'];
    const counts = this.pick([
      `${metric}${this.modifiers()}`,
      `rate(${metric}[${this.range()}])`,
      `sum by (le, job) (rate(${metric}[${this.range()}]))`,
      `sum by (le) (${metric})`,
    ]);
    if (this.random.below(4) === 0) {
      return { text: `histogram_fraction(${this.scalar(0)}, ${this.scalar(depth - 1)}, ${counts})`, labels };
    }
    if (this.features.has('promql-experimental-functions') && this.random.below(3) === 0) {
      return {
        text: `histogram_quantiles(${counts}, "q", ${this.fraction(0)}, 0.25, ${this.fraction(depth)})`,
        labels: [...labels, 'q'],
      };
    }
    return { text: `histogram_quantile(${this.fraction(depth)}, ${counts})`, labels };
  }

  private dateFunction(depth: number): Vector {
    const name = this.pick(words.DATE_FUNCTIONS);
    const argument = this.weighted<Vector>([
      [1, () => ({ text: '', labels: NO_LABELS })],
      [2, () => ({ text: 'clock', labels: ['kind'] })],
      [1, () => this.vector(depth - 1)],
    ]);
    return { text: `${name}(${argument.text})`, labels: argument.labels };
  }

  private ofScalar(depth: number): Vector {
    return { text: `vector(${this.scalar(depth - 1)})`, labels: NO_LABELS };
  }

  private experimentalFunction(depth: number): Vector {
    const { text, labels } = this.vector(depth - 1);
    const range = (): string => this.rangeArgument(depth).text;
    return {
      text: this.weighted([
        [6, () => `${this.pick(words.EXPERIMENTAL_RANGE_FUNCTIONS)}(${range()})`],
        [
          2,
          () =>
            `double_exponential_smoothing(${range()}, ${this.pick(['0.5', '0.1', '0', '1', '1.5'])}, ${this.pick(['0.5', '0.9', '1'])})`,
        ],
        [
          2,
          () =>
            `${this.pick(['sort_by_label', 'sort_by_label_desc'])}(${[text, ...labels.map((label) => JSON.stringify(label))].join(', ')})`,
        ],
        [
          2,
          () =>
            `info(${text}${this.pick(['', ', {region=~".+"}', ', {version="1.0"}', ', {__name__="build_info"}', ', {__name__=~".+_info"}', ', {region="eu"}'])})`,
        ],
        [2, () => `start_timestamp(${this.random.below(2) === 0 ? 'started_total' : text})`],
      ]),
      labels,
    };
  }

  private signed({ text, labels }: Vector): Vector {
    return { text: `${this.pick(['-', '+', '-'])}(${text})`, labels };
  }

  private scalar(depth: number): string {
    if (depth <= 0 || this.random.below(2) === 0) return this.pick(words.NUMBERS);
    return this.weighted([
      [3, () => `scalar(${this.vector(depth - 1).text})`],
      [2, () => 'time()'],
      [1, () => 'pi()'],
      [3, () => `${this.scalar(depth - 1)} ${this.pick(words.ARITHMETIC)} ${this.scalar(depth - 1)}`],
      [1, () => `${this.scalar(depth - 1)} ${this.pick(words.COMPARISONS)} bool ${this.scalar(depth - 1)}`],
      [1, () => `-(${this.scalar(depth - 1)})`],
      [
        this.features.has('promql-experimental-functions') ? 2 : 0,
        () => this.pick(['start()', 'end()', 'step()', 'range()', 'max_of(1, time())', 'min_of(2, pi())']),
      ],
    ]);
  }
}

function names(labels: readonly string[]): string {
  return labels.map((label) => (/^\w+$/.test(label) ? label : JSON.stringify(label))).join(', ');
}
