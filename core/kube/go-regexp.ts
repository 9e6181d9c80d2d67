import { RE2JS } from 're2js';
import { messageOf, UsageError } from '../errors';

/** What the groups of an expression captured; a group that took no part in the match is `''`. */
export interface RegexpMatch {
  readonly numbered: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

/** A compiled Go regular expression. Matching is unanchored, as `regexp.MatchString`. */
export class GoRegexp {
  private constructor(
    private readonly compiled: RE2JS,
    /** Number of capture groups, the whole match not counted. */
    readonly groupCount: number,
  ) {}

  /**
   * @param what names the expression in the error
   * @throws UsageError if it is not an RE2 expression
   */
  static compile(source: string, what: string): GoRegexp {
    try {
      const compiled = RE2JS.compile(source);
      return new GoRegexp(compiled, compiled.groupCount());
    } catch (error) {
      throw new UsageError(`${what}: ${messageOf(error)}`);
    }
  }

  matches(text: string): boolean {
    return this.compiled.matcher(text).find();
  }

  /** The capture groups of the leftmost match by number and by name, or `undefined` if there is no match. */
  find(text: string): RegexpMatch | undefined {
    const matcher = this.compiled.matcher(text);
    if (!matcher.find()) return undefined;
    const numbered = Array.from({ length: this.groupCount + 1 }, (_, index) => matcher.group(index) ?? '');
    const named = Object.entries(matcher.getNamedGroups()).map(
      ([name, value]) => [name, value ?? ''] as const,
    );
    return { numbered, named: new Map(named) };
  }
}

const REFERENCE = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/**
 * Fills `$1`, `${1}`, `$name`, `${name}` and `$$` as Go's `Regexp.Expand` does. An unbraced name is as long as
 * possible, so `$1_x` is the group called `1_x`; an unknown group is empty; a `$` that starts no reference stays.
 */
export function expand(template: string, match: RegexpMatch): string {
  return template.replace(REFERENCE, (_, dollar?: string, braced?: string, bare?: string) => {
    if (dollar !== undefined) return '$';
    const name = braced ?? bare ?? '';
    const isNumber = /^(?:0|[1-9]\d{0,8})$/.test(name);
    return (isNumber ? match.numbered[Number(name)] : match.named.get(name)) ?? '';
  });
}

/** Escapes what has a meaning in a regular expression, so that the text matches only itself. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
