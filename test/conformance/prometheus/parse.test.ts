import { z } from 'zod';
import { Matcher, parseExpr, parseSelector, printExpr } from '../../../core/promql';
import { type LanguageOptions } from '../../../core/promql/options';
import { ParseError } from '../../../core/promql/language/parse-error';
import { Random } from '../../../rehearsal/random';
import { GrammarExpressions } from './grammar-expressions';
import { matcherList, treeOf } from './parse-tree';
import { Patterns } from './patterns';
import { PrometheusProgram } from './program';

const SEED = Number(process.env['SEED'] ?? 1);
const COUNT = Number(process.env['COUNT'] ?? 20_000);
/** Bytes that are no UTF-8, which JSON does not keep. */
const STRAY_BYTES = /[\udc80-\udcff]/gu;
const PATTERNS = 10_000;
const VALUES_OF_A_PATTERN = 10;

const ALL: LanguageOptions = {
  experimentalFunctions: true,
  durationExpressions: true,
  extendedRangeSelectors: true,
  fillModifiers: true,
};

const NONE: LanguageOptions = { durationExpressions: false };

interface Question {
  readonly expr: string;
  readonly selector: boolean;
  readonly options: LanguageOptions;
}

const corpusShape = z.array(z.object({ source: z.string(), expr: z.string() }));
const answerShape = z.object({
  error: z.string().optional(),
  tree: z.unknown().optional(),
  printed: z.string().optional(),
});
const matchShape = z.array(
  z.object({ error: z.string().optional(), matches: z.array(z.boolean()).nullable() }),
);
type Answer = Pick<z.infer<typeof answerShape>, 'error' | 'tree'>;

let program: PrometheusProgram;
beforeAll(() => {
  program = PrometheusProgram.build();
});

/** What core/promql says, in the form of the program's answers. */
function answerHere({ expr, selector, options }: Question): Answer {
  try {
    return { tree: selector ? matcherList(parseSelector(expr)) : treeOf(parseExpr(expr, options)) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { error: error.promqlMessage.replace(STRAY_BYTES, '\ufffd') };
  }
}

async function expectSameAnswers(questions: readonly Question[]): Promise<{ accepted: number }> {
  const answers = z.array(answerShape).parse(await program.answers('parse', questions));
  const differences: unknown[] = [];
  let accepted = 0;
  questions.forEach((question, index) => {
    const { error, tree } = answers[index] ?? {};
    const there: Answer = error === undefined ? { tree } : { error };
    const here = answerHere(question);
    if (error === undefined) accepted++;
    if (!equal(here, there)) differences.push({ question, here, there });
  });
  expect(differences.slice(0, 5)).toEqual([]);
  return { accepted };
}

function equal(one: unknown, other: unknown): boolean {
  return sortedJson(one) === sortedJson(other);
}

/** JSON with the names of fields in order. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Each feature on or off. */
function randomOptions(random: Random): LanguageOptions {
  return Object.fromEntries(Object.keys(ALL).map((name) => [name, random.below(2) === 0]));
}

describe('the parser beside that of Prometheus', () => {
  it('reads the expressions of its tests alike, with and without experimental features', async () => {
    const corpus = corpusShape.parse(await program.answers('corpus', [], [PrometheusProgram.moduleFolder()]));
    const questions = [ALL, NONE].flatMap((options) =>
      corpus.map(({ expr }): Question => ({ expr, selector: false, options })),
    );
    const { accepted } = await expectSameAnswers(questions);
    expect(corpus.length).toBeGreaterThan(2500);
    expect(accepted).toBeGreaterThan(corpus.length);
  });

  it(`reads ${COUNT} random expressions alike (SEED=${SEED})`, async () => {
    const random = new Random(SEED);
    const grammar = new GrammarExpressions(random);
    const texts = Array.from({ length: COUNT }, (_, index) => {
      if (index % 8 === 7) return grammar.noise();
      if (index % 4 === 3) return grammar.scratched(grammar.valid());
      return index % 4 === 2 ? grammar.mutated() : grammar.valid();
    });
    const questions = texts.map((expr, index): Question => ({
      expr,
      selector: index % 20 === 0,
      options: index % 3 === 0 ? randomOptions(random) : ALL,
    }));
    const { accepted } = await expectSameAnswers(questions);
    expect(accepted).toBeGreaterThan(COUNT / 10);
  });

  it('reads what is printed here as the same expression', async () => {
    const grammar = new GrammarExpressions(new Random(SEED + 1));
    const exprs = Array.from({ length: COUNT / 4 }, () => grammar.valid()).flatMap((text) => {
      try {
        return [parseExpr(text, ALL)];
      } catch (error) {
        if (error instanceof ParseError) return [];
        throw error;
      }
    });
    const questions = exprs.map((expr): Question => ({
      expr: printExpr(expr),
      selector: false,
      options: ALL,
    }));
    const answers = z.array(answerShape).parse(await program.answers('parse', questions));
    const differences = exprs.flatMap((expr, index) => {
      const { tree, error } = answers[index] ?? {};
      const same = error === undefined && equal(withoutPositions(tree), withoutPositions(treeOf(expr)));
      return same ? [] : [{ printed: questions[index]?.expr, error }];
    });
    expect(differences.slice(0, 5)).toEqual([]);
    expect(exprs.length).toBeGreaterThan(COUNT / 40);
  });
});

function withoutPositions(tree: unknown): unknown {
  const text = JSON.stringify(tree, (name, part: unknown) => (name === 'position' ? undefined : part));
  return JSON.parse(text);
}

describe('regular expressions of selectors beside those of Prometheus', () => {
  it(`take, refuse and match alike in ${PATTERNS} random patterns (SEED=${SEED})`, async () => {
    const patterns = new Patterns(new Random(SEED));
    const questions = Array.from({ length: PATTERNS }, () => {
      const pattern = patterns.pattern();
      return {
        pattern,
        values: Array.from({ length: VALUES_OF_A_PATTERN }, () => patterns.valueFor(pattern)),
      };
    });
    const answers = matchShape.parse(await program.answers('match', questions));
    const differences = questions.flatMap((question, index) => {
      const { error, matches } = answers[index] ?? {};
      const here = matchHere(question);
      const same = error === undefined ? equal(here, matches) : here === error;
      return same ? [] : [{ question, here, there: error ?? matches }];
    });
    expect(differences.slice(0, 5)).toEqual([]);
    const hits = answers.flatMap(({ matches }) => matches ?? []).filter(Boolean);
    expect(hits.length).toBeGreaterThan(PATTERNS / 2);
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(PATTERNS / 20);
  });
});

function matchHere({ pattern, values }: { pattern: string; values: readonly string[] }): string | boolean[] {
  try {
    const matcher = new Matcher('x', '=~', pattern);
    return values.map((value) => matcher.matches(value));
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}
