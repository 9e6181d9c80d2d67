import { RE2JS } from 're2js';
import { messageOf, UsageError } from '../errors';

/** What the groups of an expression captured; a group that took no part in the match is `''`. */
export interface RegexpMatch {
  readonly numbered: readonly string[];
  /** Of several groups of one name the first that took part. */
  readonly named: ReadonlyMap<string, string>;
}

/** A compiled Go regular expression. Matching is unanchored, as `regexp.MatchString`. */
export class GoRegexp {
  /** Number of capture groups, the whole match not counted. */
  readonly groupCount: number;

  private constructor(
    private readonly compiled: RE2JS,
    /** Names of the capture groups by their number, in order; groups may share a name. */
    private readonly names: ReadonlyMap<number, string>,
    /** The same expression for the engine of JavaScript, which is many times faster, where it cannot differ. */
    private readonly native: RegExp | undefined,
  ) {
    this.groupCount = compiled.groupCount();
  }

  /**
   * @param what names the expression in the error
   * @throws UsageError with Go's message if it is not an RE2 expression
   */
  static compile(source: string, what: string): GoRegexp {
    const { pattern, aliases } = withUniqueNames(source);
    try {
      const compiled = RE2JS.compile(pattern);
      const named = Object.entries(compiled.namedGroups()).sort(([, a], [, b]) => a - b);
      return new GoRegexp(
        compiled,
        new Map(named.map(([name, index]) => [index, aliases.get(name) ?? name] as const)),
        nativeOf(source),
      );
    } catch (error) {
      throw new UsageError(`${what}: ${goMessage(messageOf(error), source, aliases)}`);
    }
  }

  matches(text: string): boolean {
    if (this.native && PLAIN_TEXT.test(text)) return this.native.test(text);
    return this.compiled.matcher(text).find();
  }

  /** The number of the last group of a name, if there is one. */
  lastGroup(name: string): number | undefined {
    const numbers = [...this.names].filter(([, given]) => given === name).map(([number]) => number);
    return numbers.length === 0 ? undefined : Math.max(...numbers);
  }

  /** The capture groups of the leftmost match by number and by name, or `undefined` if there is no match. */
  find(text: string): RegexpMatch | undefined {
    if (this.native && PLAIN_TEXT.test(text)) {
      const match = this.native.exec(text);
      return match ? { numbered: Array.from(match, (group) => group ?? ''), named: new Map() } : undefined;
    }
    const matcher = this.compiled.matcher(text);
    if (!matcher.find()) return undefined;
    const groups = Array.from(
      { length: this.groupCount + 1 },
      (_, index) => matcher.group(index) ?? undefined,
    );
    const named = new Map<string, string>();
    for (const [index, name] of this.names) {
      const text = groups[index];
      if (text !== undefined && !named.has(name)) named.set(name, text);
    }
    return { numbered: groups.map((group) => group ?? ''), named };
  }
}

/** Letters, any characters, and alternatives of these in groups: both engines read and prefer the same. */
const SIMPLE = /^\^?(?:\w|\.[*+]?|\((?:\w|\.[*+]?|\|)*\))*\$?$/;
/** More of them would take the engine of JavaScript too long on texts that do not match. */
const MOST_REPETITIONS = 2;
/** Text whose characters both engines take for any character. */
const PLAIN_TEXT = /^[\x20-\x7e]{0,256}$/;

function nativeOf(source: string): RegExp | undefined {
  const repetitions = source.split(/[*+]/).length - 1;
  return SIMPLE.test(source) && repetitions <= MOST_REPETITIONS ? new RegExp(source) : undefined;
}

/** What a named group may be confused with: an escape, quoted text, a class. */
const NAMED_GROUP =
  /\\Q[^]*?(?:\\E|$)|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]|\(\?P?<([A-Za-z0-9_]+)>/g;

/** Go lets groups share a name, the port of RE2 does not: all but the first of a name get another. */
function withUniqueNames(source: string): { pattern: string; aliases: ReadonlyMap<string, string> } {
  const seen = new Set<string>();
  const aliases = new Map<string, string>();
  const pattern = source.replace(NAMED_GROUP, (whole: string, name?: string) => {
    if (name === undefined) return whole;
    if (!seen.has(name)) {
      seen.add(name);
      return whole;
    }
    const alias = `${name}_duplicate${aliases.size + 1}`;
    aliases.set(alias, name);
    return whole.replace(name, alias);
  });
  return { pattern, aliases };
}

/** The port leaves out what is wrong where that is everything or nothing. */
function goMessage(message: string, source: string, aliases: ReadonlyMap<string, string>): string {
  if (message.endsWith('expression too large')) return `${message}: \`${source}\``;
  if (message.endsWith('trailing backslash at end of expression')) return `${message}: \`\``;
  return [...aliases].reduce((text, [alias, name]) => text.replaceAll(alias, name), message);
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
