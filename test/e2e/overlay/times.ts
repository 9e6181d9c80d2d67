import { UsageError } from '../../../core/errors';
import { formatDuration, parseGoDuration, parsePrometheusDuration } from '../../../core/kube/duration';

/** Far below a millisecond and above what division of floats leaves. */
const NEARLY = 1e-6;

/** Divides lengths of time, in each of the notations that objects have. */
export class Times {
  /** @throws UsageError if the factor is smaller than 1 */
  constructor(readonly factor: number) {
    if (!Number.isFinite(factor) || factor < 1) {
      throw new UsageError(`time cannot go ${factor} times as fast: take a factor of 1 or more`);
    }
  }

  /** `15s` in Go's notation, as in flags and `metav1.Duration`. Rounded to a millisecond, which nobody notices. */
  go(text: string, where: string): string {
    return this.rescaled(text, parseGoDuration(text), where);
  }

  /** `1m` in Prometheus' notation, likewise. */
  prometheus(text: string, where: string): string {
    return this.rescaled(text, parsePrometheusDuration(text), where);
  }

  /**
   * Whole seconds of a Kubernetes field.
   * @throws UsageError if that leaves no whole number, as a field of seconds holds nothing else
   */
  seconds(value: number, where: string): number {
    return this.whole(value, where, 'seconds');
  }

  /** A number of things that happen one after the other at a rate that stays, such as requests. @throws as above */
  count(value: number, where: string): number {
    return this.whole(value, where, 'requests');
  }

  /** Range windows and offsets of a PromQL query, or of a template of one. */
  query(query: string, where: string): string {
    return query.replace(WINDOWS, (text: string, ...groups: (string | undefined)[]) => {
      const [other, range, resolution, offset] = groups;
      if (other !== undefined) return text;
      const inner = [range, resolution].flatMap((part) =>
        part === undefined ? [] : [this.prometheus(part, where)],
      );
      if (offset !== undefined) return text.replace(offset, this.prometheus(offset, where));
      return `[${inner.join(':')}${text.endsWith(':]') ? ':' : ''}]`;
    });
  }

  private rescaled(text: string, milliseconds: number, where: string): string {
    if (milliseconds === 0 || this.factor === 1) return text;
    const scaled = Math.round(milliseconds / this.factor);
    if (scaled === 0) throw new UsageError(`${where}: ${text} divided by ${this.factor} is no millisecond`);
    return formatDuration(scaled);
  }

  private whole(value: number, where: string, unit: string): number {
    const scaled = value / this.factor;
    const rounded = Math.round(scaled);
    if (Math.abs(scaled - rounded) > NEARLY || (rounded === 0 && value !== 0)) {
      throw new UsageError(
        `${where}: ${value} ${unit} divided by ${this.factor} are no whole number; take a factor that divides them`,
      );
    }
    return rounded;
  }
}

const DURATION = String.raw`(?:\d+(?:ms|[smhdwy]))+`;
/** Texts in quotes, which are left alone; `[1m]`, `[1h:]`, `[1h:1m]`; `offset 5m`. */
const WINDOWS = new RegExp(
  String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\`[^\`]*\`)` +
    String.raw`|\[\s*(${DURATION})\s*(?::\s*(${DURATION})?\s*)?\]` +
    String.raw`|\boffset\s+-?(${DURATION})`,
  'g',
);
