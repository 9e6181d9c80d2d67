import { messageOf, NotSupportedError, UsageError } from '../errors';
import { formatDuration } from '../kube/duration';
import { type Labels } from '../kube/selector';
import {
  type EngineOptions,
  parseExpr,
  prepare,
  type PreparedQuery,
  printExpr,
  type QueryResult,
  type SeriesStore,
} from '../promql';
import { otherTimes, pinned } from './at-variants';
import { checkAnnotations, matchesMessage, patternText } from './check-annotations';
import { compareResult } from './compare-result';
import { type Annotated } from '../promql/result';
import { compareLabels, labelsKey, NO_LABELS } from '../promql/labels';
import { seriesText } from './label-set';
import { type EvalCommand, type Expected } from './script';

/** Why a case did not pass. */
export interface Failure {
  /** One sentence. */
  readonly reason: string;
  /** Lines with what is expected (`-`) and what came instead (`+`). */
  readonly detail: readonly string[];
}

const MINUTE_MS = 60_000;
/** Functions of the query itself, whose results differ between an instant and a range query. */
const QUERY_CONTEXT = /(?:start|end|range|step)\(\)/;

/**
 * Evaluates an `eval` command every way that Prometheus' own runner does: an instant query as it is, as the middle of
 * a range query, and with `@` set to its time at other times.
 * @returns the first failure, or undefined if there is none
 * @throws NotSupportedError if the engine does not model what the expression needs
 */
export function runCase(
  command: EvalCommand,
  store: SeriesStore,
  options: EngineOptions,
): Failure | undefined {
  return new CaseRun(command, store, options).run();
}

/** One way to evaluate the expression of a case. */
interface Variant {
  readonly expression: string;
  readonly atMs: number;
  /** What is special about it, for messages; empty for the case as it is written. */
  readonly how: string;
}

class CaseRun {
  constructor(
    private readonly command: EvalCommand,
    private readonly store: SeriesStore,
    private readonly options: EngineOptions,
  ) {}

  run(): Failure | undefined {
    const { query, expression, expected } = this.command;
    if (query.kind === 'range') {
      const { startMs, endMs, stepMs } = query.steps;
      return this.#judge(expression, '', endMs, (prepared) =>
        prepared.evaluateRange(this.store, startMs, endMs, stepMs),
      );
    }
    for (const variant of this.#variants(expression, query.atMs)) {
      const failure = this.#instant(variant) ?? (expected.failure ? undefined : this.#asRange(variant));
      if (failure) return failure;
    }
    return undefined;
  }

  *#variants(expression: string, atMs: number): Generator<Variant> {
    yield { expression, atMs, how: '' };
    const expr = pinned(parseExpr(expression, this.options), atMs);
    if (!expr) return;
    const text = printExpr(expr);
    for (const time of otherTimes(atMs)) {
      yield { expression: text, atMs: time, how: ` (as ${text} at ${formatDuration(time)})` };
    }
  }

  #instant({ expression, atMs, how }: Variant): Failure | undefined {
    return this.#judge(expression, how, atMs, (prepared) => prepared.evaluate(this.store, atMs));
  }

  /** Evaluates and compares messages and result. */
  #judge(
    expression: string,
    how: string,
    atMs: number,
    evaluate: (prepared: PreparedQuery) => Annotated<QueryResult>,
  ): Failure | undefined {
    const { expected } = this.command;
    const outcome = this.#outcome(expression, evaluate);
    if (outcome.kind === 'error') return judgeError(outcome.message, how, expected);
    const { result } = outcome;
    if (expected.failure) {
      return {
        reason: `the query is expected to fail, but did not${how}`,
        detail: [`- error: ${patternText(expected.failure)}`],
      };
    }
    const messages = checkAnnotations(result.annotations, expected);
    if (messages.length > 0)
      return { reason: `other warnings or infos than expected${how}`, detail: messages };
    return differing(`another result than expected${how}`, compareResult(result, expected, atMs));
  }

  #outcome(expression: string, evaluate: (prepared: PreparedQuery) => Annotated<QueryResult>): Outcome {
    try {
      return { kind: 'result', result: evaluate(prepare(expression, this.options)) };
    } catch (error) {
      if (!(error instanceof UsageError) || error instanceof NotSupportedError) throw error;
      return { kind: 'error', message: messageOf(error) };
    }
  }

  /** The same as the middle one of three steps, where range queries have that result. */
  #asRange({ expression, atMs, how }: Variant): Failure | undefined {
    const { result: wanted, ordered } = this.command.expected;
    if (wanted.kind === 'string' || (wanted.kind === 'series' && wanted.range)) return undefined;
    if (QUERY_CONTEXT.test(expression)) return undefined;
    const where = `${how} in a range query`;
    const outcome = this.#outcome(expression, (prepared) =>
      prepared.evaluateRange(this.store, atMs - MINUTE_MS, atMs + MINUTE_MS, MINUTE_MS),
    );
    if (outcome.kind === 'error')
      return { reason: `the query failed${where}`, detail: [`+ error: ${outcome.message}`] };
    if (ordered || outcome.result.type !== 'matrix') return undefined;
    const disorder = firstDisorder(outcome.result.series.map(({ labels }) => labels));
    if (disorder) return { reason: `series out of order${where}`, detail: disorder };
    const samples = outcome.result.series.flatMap(({ labels, points }) =>
      points.filter((point) => point.atMs === atMs).map(({ value }) => ({ labels, value })),
    );
    const [only] = samples;
    const middle: QueryResult =
      wanted.kind === 'scalar' && only && labelsKey(only.labels) === labelsKey(NO_LABELS)
        ? { type: 'scalar', value: only.value }
        : { type: 'vector', samples };
    return differing(
      `another result than expected${where}`,
      compareResult(middle, this.command.expected, atMs),
    );
  }
}

type Outcome =
  | { readonly kind: 'result'; readonly result: Annotated<QueryResult> }
  | { readonly kind: 'error'; readonly message: string };

function judgeError(message: string, how: string, { failure }: Expected): Failure | undefined {
  if (!failure) return { reason: `the query failed${how}`, detail: [`+ error: ${message}`] };
  if (matchesMessage(failure, message)) return undefined;
  return {
    reason: `another error than expected${how}`,
    detail: [`- error: ${patternText(failure)}`, `+ error: ${message}`],
  };
}

function differing(reason: string, detail: readonly string[]): Failure | undefined {
  return detail.length === 0 ? undefined : { reason, detail };
}

/** Range queries answer with their series in order of the labels. */
function firstDisorder(all: readonly Labels[]): string[] | undefined {
  const index = all.findIndex((labels, place) => {
    const previous = all[place - 1];
    return previous !== undefined && compareLabels(previous, labels) > 0;
  });
  return index < 0 ? undefined : all.slice(index - 1, index + 1).map((labels) => `+ ${seriesText(labels)}`);
}
