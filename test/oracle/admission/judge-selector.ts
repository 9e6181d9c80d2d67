import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { messageOf, UsageError } from '../../../core/errors';
import { labelSelectorError } from '../../../core/kube/label-selector-error';
import { type Labels, type LabelSelector, Selector } from '../../../core/kube/selector';
import { type Judged } from './comparison';
import { type SelectorQuestion } from './selectors';

const answerShape = z.union([
  z.strictObject({ text: z.string(), matches: z.boolean() }),
  z.strictObject({ error: z.string() }),
]);
type Answer = z.infer<typeof answerShape>;

/** Compares what the API server of that minor version says to a selector. */
export function judgeSelector(question: SelectorQuestion, line: string, minor: number): Judged {
  const theirs = answerShape.parse(JSON.parse(line));
  const ours =
    'selectorText' in question
      ? answerToText(question.selectorText, question.labels, minor)
      : answerToObject(question.labelSelector, question.labels, minor);
  const same =
    isDeepStrictEqual(theirs, ours) ||
    ('labelSelector' in question && bothOfLabels(question.labelSelector, [theirs, ours], minor));
  return { kind: kindOf(theirs), theirs, ours, same };
}

function kindOf(answer: Answer): string {
  if ('error' in answer) return 'refused';
  return answer.matches ? 'matches' : 'does not match';
}

function answerToText(text: string, labels: Labels, minor: number): Answer {
  try {
    return accepted(Selector.parse(text, minor), labels);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { error: messageOf(error) };
  }
}

function answerToObject(selector: LabelSelector, labels: Labels, minor: number): Answer {
  const error = labelSelectorError(selector, minor);
  return error === undefined ? accepted(Selector.from(selector), labels) : { error };
}

function accepted(selector: Selector, labels: Labels): Answer {
  return { text: selector.toString(), matches: selector.matches(labels) };
}

/** Whether each complains of one of `matchLabels`: of several that are wrong Go takes any. */
function bothOfLabels(
  { matchLabels = {} }: LabelSelector,
  answers: readonly Answer[],
  minor: number,
): boolean {
  const complaints = Object.entries(matchLabels).map(([key, value]) =>
    labelSelectorError({ matchLabels: { [key]: value } }, minor),
  );
  return answers.every((answer) => 'error' in answer && complaints.includes(answer.error));
}
