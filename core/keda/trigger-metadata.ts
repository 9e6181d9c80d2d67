import { UsageError } from '../errors';
import { parseGoDuration } from '../kube/duration';
import { parseInt64 } from '../kube/parse-int64';
import { ownValue } from '../own-value';

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** Keys of a trigger's metadata: those that KEDA reads, and those that are there for nothing. */
export interface TriggerKeys {
  readonly readKeys: readonly string[];
  readonly ignoredKeys: readonly string[];
}

/**
 * Reads the `metadata` of a trigger as KEDA reads the tagged fields of a scaler (`TypedConfig` of
 * pkg/scalers/scalersconfig/typed_config.go): values are trimmed, empty ones count as absent, and everything that is
 * wrong is said at once, in KEDA's words.
 */
export class TriggerMetadata {
  private readonly problems: string[] = [];
  private readonly asked = new Set<string>();

  constructor(private readonly metadata: Readonly<Record<string, string>>) {}

  /** The keys that were asked for, and those that were not: KEDA ignores them. */
  get keys(): TriggerKeys {
    return {
      readKeys: [...this.asked],
      ignoredKeys: Object.keys(this.metadata).filter((key) => !this.asked.has(key)),
    };
  }

  text(key: string): string | undefined {
    this.asked.add(key);
    const value = ownValue(this.metadata, key)?.trim();
    return value === '' ? undefined : value;
  }

  required(key: string): string {
    return this.text(key) ?? this.missing(key, '');
  }

  number(key: string, fallback: number | 'required'): number {
    const value = this.text(key);
    if (value === undefined) return fallback === 'required' ? this.missing(key, 0) : fallback;
    const problem = numberProblem(value);
    if (problem === undefined) return Number(value);
    return this.invalid(key, value, `unable to unmarshal to field type float64: ${problem}`, 0);
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.text(key);
    if (value === undefined) return fallback;
    if (TRUE.includes(value)) return true;
    if (FALSE.includes(value)) return false;
    const cause = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
    return this.invalid(
      key,
      value,
      `unable to parse boolean value ${JSON.stringify(value)}: ${cause}`,
      false,
    );
  }

  /** Milliseconds: a Go duration, or their number. */
  duration(key: string): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const found = durationOf(value);
    if (found && found.milliseconds >= 0) return found.milliseconds;
    const problem = found
      ? `duration cannot be negative: ${found.text}`
      : `unable to parse duration value ${JSON.stringify(value)}: must be either a duration string (e.g. '30s', '5m') or a number of milliseconds`;
    return this.invalid(key, value, problem, undefined);
  }

  /** One of some words. */
  choice(key: string, words: readonly string[]): void {
    const value = this.text(key);
    if (value === undefined || value.split(',').every((word) => words.includes(word.trim()))) return;
    this.problems.push(
      `parameter ${JSON.stringify(key)} value ${JSON.stringify(value)} must be one of [${words.join(' ')}]`,
    );
  }

  /** `key=value` pairs with commas between them. */
  pairs(key: string): ReadonlyMap<string, string> {
    const value = this.text(key);
    const pairs = new Map<string, string>();
    for (const part of value?.split(',') ?? []) {
      const [name = '', content, ...rest] = part.trim().split('=');
      if (content === undefined || rest.length > 0)
        return this.invalid(
          key,
          value ?? '',
          `expected format key=value, got ${JSON.stringify(part.trim())}`,
          pairs,
        );
      pairs.set(name.trim(), content.trim());
    }
    return pairs;
  }

  /**
   * To be called after everything was read.
   * @throws UsageError with all problems, if there are any
   */
  finish(prefix: string): void {
    if (this.problems.length > 0) throw new UsageError(`${prefix}: ${this.problems.join('\n')}`);
  }

  private missing<T>(key: string, instead: T): T {
    this.problems.push(`missing required parameter ${JSON.stringify(key)} in [triggerMetadata]`);
    return instead;
  }

  private invalid<T>(key: string, value: string, problem: string, instead: T): T {
    this.problems.push(
      `unable to set param ${JSON.stringify(key)} value ${JSON.stringify(value)}: ${problem}`,
    );
    return instead;
  }
}

/** What Go's JSON decoder says to a text that is no number. */
function numberProblem(text: string): string | undefined {
  const [number = ''] = JSON_NUMBER.exec(text) ?? [];
  const next = text.charAt(number.length);
  if (number !== '' && next === '')
    return Number.isFinite(Number(text)) ? undefined : cannotUnmarshal(`number ${text}`);
  if (number !== '' && !/[.eE]/.test(next)) return `invalid character '${next}' after top-level value`;
  const other = jsonType(text);
  if (other !== undefined) return cannotUnmarshal(other);
  return number === '' && !/[-"[{tfn]/.test(next)
    ? `invalid character '${next}' looking for beginning of value`
    : 'it is not a number as JSON writes it';
}

function cannotUnmarshal(what: string): string {
  return `json: cannot unmarshal ${what} into Go value of type float64`;
}

/** What a text is as JSON, in Go's words; undefined if it is none. */
function jsonType(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return 'array';
    return typeof value === 'boolean' ? 'bool' : typeof value;
  } catch {
    return undefined;
  }
}

/** A duration, and how an error calls it. */
function durationOf(text: string): { readonly milliseconds: number; readonly text: string } | undefined {
  try {
    return { milliseconds: parseGoDuration(text), text: JSON.stringify(text) };
  } catch {
    const milliseconds = parseInt64(text);
    return milliseconds === undefined
      ? undefined
      : { milliseconds: Number(milliseconds), text: `${milliseconds} milliseconds` };
  }
}
