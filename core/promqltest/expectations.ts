import { goUnquote } from '../kube/go-quote';
import { GoRegexp } from '../kube/go-regexp';
import { labelsKey } from '../promql/labels';
import {
  type EvalQuery,
  type Expected,
  type ExpectedAnnotations,
  type ExpectedResult,
  type ExpectedSeries,
  type MessagePattern,
  type Steps,
} from './script';
import { ScriptLines } from './script-lines';
import { parseMetricNotation, parseSeriesNotation } from './series-notation';

const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;
const EXPECT_RANGE = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/;
const EXPECT_STRING = /^expect string\s+("(?:[^"\\\n]|\\.)*"|`[^`]*`)$/;
const ANY: MessagePattern = { kind: 'any' };

const KINDS = ['ordered', 'fail', 'warn', 'no_warn', 'info', 'no_info'] as const;
type Kind = (typeof KINDS)[number];

/** The lines after the first of an `eval` command. */
export class Expectations {
  readonly #messages = new Map<Kind, MessagePattern[]>();
  /** By their labels. */
  readonly #series = new Map<string, ExpectedSeries>();
  #scalar: number | undefined;
  #string: string | undefined;
  #range: Steps | undefined;
  #nativeHistograms = false;

  constructor(
    private readonly lines: ScriptLines,
    private readonly query: EvalQuery,
    mode: string | undefined,
  ) {
    const kind = KINDS.find((known) => known === mode);
    if (kind) this.#messages.set(kind, [ANY]);
  }

  /** Reads a line; `complete` if nothing can follow it. */
  read(text: string): 'complete' | 'more' {
    const old = /^expected_fail_(message|regexp)\s+(.*)$/.exec(text);
    if (old) {
      const [, how, message = ''] = old;
      this.#messages.set('fail', [this.#pattern(how === 'message' ? 'msg' : 'regex', message)]);
      return 'complete';
    }
    if (/^expect(?:\s|$)/.test(text)) {
      this.#readExpect(text);
      return 'more';
    }
    this.#scalar = ScriptLines.number(text);
    if (this.#scalar !== undefined) return 'complete';
    this.#readSeries(text);
    return 'more';
  }

  /** What the lines expect together. */
  end(): Expected {
    return {
      failure: this.#messages.get('fail')?.[0],
      warnings: this.#annotations('warn', 'no_warn'),
      infos: this.#annotations('info', 'no_info'),
      ordered: this.#messages.has('ordered'),
      result: this.#result(),
    };
  }

  #result(): ExpectedResult {
    if (this.#nativeHistograms) return { kind: 'nativeHistograms' };
    if (this.#scalar !== undefined) return { kind: 'scalar', value: this.#scalar };
    if (this.#string !== undefined) return { kind: 'string', value: this.#string };
    const range = this.query.kind === 'range' ? this.query.steps : this.#range;
    return { kind: 'series', series: [...this.#series.values()], range };
  }

  #readExpect(text: string): void {
    if (text.startsWith('expect string')) {
      const literal = EXPECT_STRING.exec(text)?.[1];
      if (literal === undefined) this.lines.fail('expect string: a quoted string has to follow');
      else this.#string = this.lines.located(() => goUnquote(literal));
      return;
    }
    if (text.startsWith('expect range vector')) {
      const match = EXPECT_RANGE.exec(text);
      if (!match) return this.lines.fail('write it like "expect range vector from 10s to 1m step 10s"');
      const [, from = '', to = '', step = ''] = match;
      this.#range = this.lines.steps(from, to, step);
      return;
    }
    this.#readMessage(text);
  }

  #readMessage(text: string): void {
    const [, word, how, message = ''] = EXPECT.exec(text) ?? [];
    const kind = KINDS.find((known) => known === word);
    if (!kind) {
      return this.lines.fail(
        'invalid expect line: expect ordered, fail, warn, no_warn, info or no_info, the message after msg: or regex:',
      );
    }
    const known = this.#messages.get(kind) ?? [];
    if (kind === 'fail' && known.length > 0) this.lines.fail('only one "expect fail" is possible');
    this.#messages.set(kind, [...known, how === undefined ? ANY : this.#pattern(how, message.trim())]);
    for (const [some, none] of [
      ['warn', 'no_warn'],
      ['info', 'no_info'],
    ] as const) {
      if (this.#messages.has(some) && this.#messages.has(none)) {
        this.lines.fail(`"expect ${some}" and "expect ${none}" contradict each other`);
      }
    }
  }

  #pattern(how: string, message: string): MessagePattern {
    if (how === 'msg') return { kind: 'text', text: message };
    const pattern = this.lines.located(() =>
      GoRegexp.compile(message, `invalid regular expression "${message}"`),
    );
    return { kind: 'pattern', pattern, source: message };
  }

  #readSeries(text: string): void {
    const { labels, rest } = this.lines.located(() => parseMetricNotation(text));
    if (rest.includes('{{')) {
      this.#nativeHistograms = true;
      return;
    }
    const { values } = this.lines.located(() => parseSeriesNotation(text));
    const single = this.query.kind === 'instant' && this.#range === undefined;
    if (single && values.length !== 1) {
      this.lines.fail(
        `an instant query has one value per series, not ${values.length}; "expect range vector" allows for more`,
      );
    }
    this.#series.set(labelsKey(labels), { labels, values });
  }

  #annotations(some: Kind, none: Kind): ExpectedAnnotations {
    return this.#messages.has(none) ? [] : this.#messages.get(some);
  }
}
