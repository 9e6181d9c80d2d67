import { type Expr, type SeriesStore } from '../../../core/promql';
import { engineOptions, type Feature } from '../../../core/promqltest';
import { Random } from '../../../rehearsal/random';
import { difference } from './compare';
import { buildData, DATA_LENGTH_MS, DATA_START_MS, storeOf } from './data';
import { answerOf } from './engine';
import { Expressions } from './expressions';
import { parsed } from './parsing';
import { magnifiesRounding, partsOf } from './rounding';
import { type Answer, PrometheusServer, type Question } from './server';
import { shrink } from './shrink';

/** What is compared with what. */
export interface DifferentialOptions {
  /** Of data and queries. */
  readonly seed: number;
  readonly queries: number;
  readonly features: readonly Feature[];
  /** Called after each query with how many are done. */
  readonly progress?: ((done: number) => void) | undefined;
}

/** A query to which the engines answer differently. */
export interface Found {
  readonly question: Question;
  readonly difference: string;
}

/** What a comparison found. */
export interface Comparison {
  readonly queries: number;
  /** Answers with at least one value. */
  readonly nonEmpty: number;
  readonly errors: number;
  /** Answers with a warning or an info. */
  readonly annotated: number;
  /** Values that were compared, bit by bit unless a transcendental function was involved. */
  readonly values: number;
  /** Queries to which Prometheus itself gives several answers; mostly, one of them is Plimsoll's. */
  readonly ambiguous: number;
  /** Different answers that hang on the last bit of a function that no language promises. */
  readonly rounded: number;
  /** Functions, aggregations and operators that took part in an answer that was not empty. */
  readonly reached: ReadonlySet<string>;
  /** In the order of the queries; each reduced to its smallest form. */
  readonly differences: readonly Found[];
}

/** Prometheus answers that often before it counts as having only one answer. */
const REPEATS = 20;
/** Differences that are reduced; more of them are mostly of the same kind. */
const MOST_SHRUNK = 20;
const AT_ONCE = 8;
const MINUTE_MS = 60_000;
const STEPS_MS = [7000, 15_000, 30_000, MINUTE_MS, 90_000, 5 * MINUTE_MS] as const;

/** Lets a real server and Plimsoll's engine answer the same random queries over the same random data. */
export async function compareWithPrometheus(options: DifferentialOptions): Promise<Comparison> {
  const data = buildData(options.seed);
  const server = await PrometheusServer.start(data, options.features);
  try {
    return await new Run(server, storeOf(data), options).all();
  } finally {
    await server.stop();
  }
}

type Verdict = 'same' | 'ambiguous' | 'rounded' | { readonly difference: string };

class Run {
  private readonly counts = {
    queries: 0,
    nonEmpty: 0,
    errors: 0,
    annotated: 0,
    values: 0,
    ambiguous: 0,
    rounded: 0,
  };
  private readonly reached = new Set<string>();
  private readonly differences: { readonly index: number; readonly found: Found }[] = [];

  constructor(
    private readonly server: PrometheusServer,
    private readonly store: SeriesStore,
    private readonly options: DifferentialOptions,
  ) {}

  async all(): Promise<Comparison> {
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < this.options.queries; index = next++) await this.one(index);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const found = this.differences.sort((a, b) => a.index - b.index).map((one) => one.found);
    const differences: Found[] = [];
    for (const one of found)
      differences.push(differences.length < MOST_SHRUNK ? await this.smallest(one) : one);
    return { ...this.counts, reached: this.reached, differences };
  }

  private async one(index: number): Promise<void> {
    const question = this.question(index);
    const expected = await this.server.ask(question);
    this.count(question, expected);
    const verdict = await this.judge(question, expected);
    if (verdict === 'ambiguous' || verdict === 'rounded') this.counts[verdict]++;
    else if (verdict !== 'same') this.differences.push({ index, found: { question, ...verdict } });
    this.counts.queries++;
    this.options.progress?.(this.counts.queries);
  }

  /** Query number `index` of the seed, whichever were asked before. */
  private question(index: number): Question {
    const random = new Random(this.options.seed * 2 ** 24 + index + 1);
    const generator = new Expressions(random, new Set(this.options.features));
    const depth = 1 + random.below(3);
    const atMs = DATA_START_MS - 2 * MINUTE_MS + random.below(DATA_LENGTH_MS + 9 * MINUTE_MS);
    // Times on the grid are the ones at which bounds of windows meet samples.
    const startMs = random.below(2) === 0 ? atMs : atMs - (atMs % 15_000);
    if (random.below(2) === 0)
      return { kind: 'instant', expression: defined(() => generator.any(depth)), atMs: startMs };
    const stepMs = STEPS_MS[random.below(STEPS_MS.length)] ?? MINUTE_MS;
    const endMs = startMs + stepMs * random.below(12) + random.below(3) * 1000;
    return {
      kind: 'range',
      expression: defined(() => generator.vectorOrScalar(depth)),
      startMs,
      endMs,
      stepMs,
    };
  }

  /**
   * A difference counts only if Prometheus itself always gives the same answer, and no rounding decides. Even then the
   * answer must be of the kind of Prometheus', and a result must come with the same warnings.
   */
  private async judge(question: Question, first: Answer): Promise<Verdict> {
    const got = answerOf(question, this.store, engineOptions(this.options.features));
    const found = difference(question, first, got);
    if (found === undefined) return 'same';
    let varies = false;
    let alike = isAlike(first, got);
    for (let again = 0; again < REPEATS; again++) {
      const answer = await this.server.ask(question);
      if (difference(question, answer, got) === undefined) return 'ambiguous';
      varies ||= difference(question, first, answer) !== undefined;
      alike ||= isAlike(answer, got);
    }
    if (!alike) return { difference: found };
    if (varies) return 'ambiguous';
    const expr = parsed(question.expression);
    return expr && magnifiesRounding(expr) ? 'rounded' : { difference: found };
  }

  private async smallest(found: Found): Promise<Found> {
    let smallest = found;
    await shrink(found.question.expression, async (expression) => {
      const question = { ...found.question, expression };
      const verdict = await this.judge(question, await this.server.ask(question));
      if (typeof verdict === 'string') return false;
      smallest = { question, ...verdict };
      return true;
    });
    return smallest;
  }

  private count({ expression }: Question, answer: Answer): void {
    if (answer.kind === 'error') {
      this.counts.errors++;
      return;
    }
    if (answer.warnings.length + answer.infos.length > 0) this.counts.annotated++;
    const values = 'series' in answer.value ? answer.value.series.flatMap(({ points }) => points).length : 1;
    if (values === 0) return;
    this.counts.nonEmpty++;
    this.counts.values += values;
    const expr = parsed(expression);
    if (expr) collect(expr, this.reached);
  }
}

/** Whether both are errors, or both are results with the same warnings but for numbers in them. */
function isAlike(a: Answer, b: Answer): boolean {
  if (a.kind === 'error' || b.kind === 'error') return a.kind === b.kind;
  const texts = (warnings: readonly string[]): string =>
    warnings
      .map((text) => text.replace(/got \S+/, 'got a number'))
      .sort()
      .join();
  return texts(a.warnings) === texts(b.warnings);
}

/** The first expression that means something in Prometheus. */
function defined(next: () => string): string {
  let expression = next();
  for (let expr = parsed(expression); expr && forgetsOffset(expr); expr = parsed(expression))
    expression = next();
  return expression;
}

/**
 * Whether an expression has `timestamp(selector @ time offset …)`: Prometheus forgets the offset there, but has only
 * the samples at hand that the whole query would need with it.
 */
function forgetsOffset(expr: Expr): boolean {
  if (expr.kind === 'call' && /^(?:start_)?timestamp$/.test(expr.function)) {
    const [argument] = expr.args;
    if (argument?.kind === 'vectorSelector' && argument.at !== undefined) {
      return argument.offsetMs !== 0 || argument.offsetExpr !== undefined;
    }
  }
  return partsOf(expr).some(forgetsOffset);
}

/** Names of what an expression is made of. */
function collect(expr: Expr, into: Set<string>): void {
  switch (expr.kind) {
    case 'call':
      into.add(expr.function);
      for (const argument of expr.args) collect(argument, into);
      break;
    case 'aggregate':
      into.add(expr.operator);
      collect(expr.operand, into);
      if (expr.parameter) collect(expr.parameter, into);
      break;
    case 'binary':
      into.add(expr.operator);
      if (expr.matching) into.add(expr.matching.cardinality);
      if (expr.matching?.fill) into.add('fill');
      collect(expr.left, into);
      collect(expr.right, into);
      break;
    case 'unary':
      into.add('unary');
      collect(expr.operand, into);
      break;
    case 'subquery':
      into.add('subquery');
      collect(expr.operand, into);
      break;
    case 'matrixSelector':
      collect(expr.selector, into);
      break;
    case 'vectorSelector':
      if (expr.at !== undefined) into.add('@');
      if (expr.offsetMs !== 0) into.add('offset');
      if (expr.extended) into.add(expr.extended);
      break;
    case 'number':
    case 'string':
      break;
  }
}
