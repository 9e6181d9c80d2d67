import { messageOf, UsageError } from '../../../core/errors';
import { type EngineOptions, prepare, type QueryResult, type SeriesStore } from '../../../core/promql';
import { ParseError } from '../../../core/promql/language/parse-error';
import type { Answer, AnswerValue, Question } from './server';

/** What Plimsoll's engine says to a query. */
export function answerOf(question: Question, store: SeriesStore, options: EngineOptions): Answer {
  try {
    const prepared = prepare(question.expression, options);
    const result =
      question.kind === 'instant'
        ? prepared.evaluate(store, question.atMs)
        : prepared.evaluateRange(store, question.startMs, question.endMs, question.stepMs);
    const messages = (severity: 'warning' | 'info'): string[] =>
      result.annotations.filter((one) => one.severity === severity).map(({ message }) => message);
    const atMs = question.kind === 'instant' ? question.atMs : 0;
    return {
      kind: 'result',
      value: valueOf(result, atMs),
      warnings: messages('warning'),
      infos: messages('info'),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { kind: 'error', message: error instanceof ParseError ? error.promqlMessage : messageOf(error) };
  }
}

function valueOf(result: QueryResult, atMs: number): AnswerValue {
  switch (result.type) {
    case 'scalar':
      return { type: 'scalar', value: result.value };
    case 'string':
      return { type: 'string', value: result.value };
    case 'vector':
      return {
        type: 'vector',
        series: result.samples.map(({ labels, value }) => ({ labels, points: [{ atMs, value }] })),
      };
    case 'matrix':
      return { type: 'matrix', series: result.series };
  }
}
