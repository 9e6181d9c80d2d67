import { type LineServer } from '../program';

/** What the API server and the model say to one question. */
export interface Judged {
  /** What kind of answer the API server gave. */
  readonly kind: string;
  readonly theirs: unknown;
  readonly ours: unknown;
  /** Whether it comes to the same; not all differences in form count. */
  readonly same: boolean;
}

/** What came of many questions. */
export interface Comparison {
  /** How many answers of each kind the API server gave. */
  readonly answers: Readonly<Record<string, number>>;
  /** The first few questions that they answer differently, with both answers; undefined if there is none. */
  readonly report: string | undefined;
}

const MOST_SHOWN = 3;

/** Asks the API server all questions, and compares what it says to each with what the model says. */
export async function compare<Question>(
  server: LineServer,
  questions: readonly Question[],
  judge: (question: Question, answer: string) => Judged,
): Promise<Comparison> {
  const lines = await server.finish(questions.map((question) => JSON.stringify(question)));
  if (lines.length !== questions.length) {
    throw new Error(`the oracle answered ${lines.length} of ${questions.length} questions`);
  }
  const answers: Record<string, number> = {};
  const differences: string[] = [];
  questions.forEach((question, index) => {
    const judged = judge(question, lines[index] ?? '');
    answers[judged.kind] = (answers[judged.kind] ?? 0) + 1;
    if (!judged.same) differences.push(differenceText(question, judged));
  });
  return { answers, report: reportOf(differences, questions.length) };
}

function differenceText(question: unknown, { theirs, ours }: Judged): string {
  const [asked, server, model] = [question, theirs, ours].map((value) => JSON.stringify(value));
  return `asked:      ${asked}\nAPI server: ${server}\nmodel:      ${model}`;
}

function reportOf(differences: readonly string[], asked: number): string | undefined {
  if (differences.length === 0) return undefined;
  const shown = differences.slice(0, MOST_SHOWN);
  const title = `${differences.length} of ${asked} questions are answered differently; the first:`;
  return [title, ...shown].join('\n\n');
}
