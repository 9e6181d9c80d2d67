import type { Random } from '../../../rehearsal/random';
import { DATA_LENGTH_MS, DATA_START_MS } from './data';
import { Draw } from './draw';
import * as words from './vocabulary';

/** An expression for an instant vector with the labels that its elements are likely to have. */
export interface Vector {
  readonly text: string;
  readonly labels: readonly string[];
}

/** Random selectors of what the data has, with all that may follow them. */
export class SelectorExpressions extends Draw {
  constructor(
    random: Random,
    protected readonly features: words.Features,
  ) {
    super(random);
  }

  protected selector(): Vector {
    const { text, labels } = this.plainSelector();
    const smoothed =
      this.features.has('promql-extended-range-selectors') && this.random.below(15) === 0 ? ' smoothed' : '';
    return { text: `${text}${smoothed}${this.modifiers()}`, labels };
  }

  /** Without modifiers. */
  protected plainSelector(): Vector {
    const metric = this.weighted(words.METRICS.map((one) => [one.weight, () => one]));
    const labels = Object.keys(metric.labels);
    const count = this.weighted([[6, () => 0] as const, [3, () => 1] as const, [1, () => 2] as const]);
    const matchers = Array.from({ length: count }, () => this.matcher(metric));
    return { text: this.named(metric.name, matchers), labels };
  }

  protected named(name: string, matchers: readonly string[]): string {
    const chance = this.random.below(20);
    if (chance === 0) return `{${[`__name__=~"${name}|nothing"`, ...matchers].join(',')}}`;
    if (chance === 1) return `{${['__name__=~"twin_.|special|sparse"', ...matchers].join(',')}}`;
    if (chance === 2) return `{${['job="api",nameless=~"yes|"', ...matchers].join(',')}}`;
    if (name.includes('.')) return `{${[JSON.stringify(name), ...matchers].join(',')}}`;
    return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
  }

  protected matcher(metric: words.Metric): string {
    const label = this.pick(Object.keys(metric.labels));
    const value = this.pick(metric.labels[label] ?? ['']);
    const name = /^\w+$/.test(label) ? label : JSON.stringify(label);
    const literal = JSON.stringify(value);
    return this.weighted([
      [5, () => `${name}=${literal}`],
      [3, () => `${name}!=${literal}`],
      [2, () => `${name}=~${JSON.stringify(`${value.slice(0, 1)}.*`)}`],
      [2, () => `${name}=~${JSON.stringify(`${value.replaceAll('+', '\\+')}|x`)}`],
      [2, () => `${name}!~${JSON.stringify(`${value.replaceAll('+', '\\+')}|x`)}`],
      [1, () => `${name}=~".+"`],
      [1, () => `${name}!=""`],
      [1, () => 'nothing=""'],
    ]);
  }

  /** `offset` and `@` in any order. */
  protected modifiers(): string {
    const offset = this.random.below(8) === 0 ? ` offset ${this.offset()}` : '';
    const at = this.random.below(10) === 0 ? ` @ ${this.atTime()}` : '';
    return this.random.below(2) === 0 ? `${offset}${at}` : `${at}${offset}`;
  }

  protected atTime(): string {
    const seconds = (DATA_START_MS + this.random.below(DATA_LENGTH_MS)) / 1000;
    return this.pick(['start()', 'end()', seconds.toFixed(3), seconds.toFixed(0)]);
  }

  protected offset(): string {
    const duration = this.pick(words.OFFSETS);
    return this.random.below(5) === 0 ? `(${duration} + 2 * 30s)` : duration;
  }

  protected range(): string {
    const duration = this.pick(words.RANGES);
    if (this.random.below(15) > 0) return duration;
    return this.pick([
      `${duration} + 1m`,
      `2 * ${duration}`,
      'max_of(step(), 2m)',
      `min_of(${duration}, 10m)`,
      'step() + 1m',
    ]);
  }
}
