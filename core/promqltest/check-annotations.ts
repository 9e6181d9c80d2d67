import { type Annotation } from '../promql';
import { type Expected, type ExpectedAnnotations, type MessagePattern } from './script';

/**
 * Compares the warnings and infos of a query with what is expected.
 * @returns lines that say what differs: `-` for what is expected, `+` for what came instead
 */
export function checkAnnotations(annotations: readonly Annotation[], expected: Expected): string[] {
  const messages = (severity: Annotation['severity']): string[] =>
    annotations
      .filter((annotation) => annotation.severity === severity)
      .map(({ message }) => bareMessage(message));
  return [
    ...compare('warning', messages('warning'), expected.warnings),
    ...compare('info', messages('info'), expected.infos),
  ];
}

/** Whether a message is what was expected. */
export function matchesMessage(expected: MessagePattern, message: string): boolean {
  switch (expected.kind) {
    case 'any':
      return true;
    case 'text':
      return expected.text === message;
    case 'pattern':
      return expected.pattern.matches(message);
  }
}

/** An expected message as a person reads it. */
export function patternText(expected: MessagePattern): string {
  switch (expected.kind) {
    case 'any':
      return 'any message';
    case 'text':
      return JSON.stringify(expected.text);
    case 'pattern':
      return `a message like /${expected.source}/`;
  }
}

/** Scripts have messages as they are before the details and the position in the query are added. */
function bareMessage(message: string): string {
  return message.replace(/(?:, from buckets [^]*)? \(\d+:\d+\)$/, '');
}

function compare(what: string, found: readonly string[], expected: ExpectedAnnotations): string[] {
  if (expected === undefined) return [];
  const missing = expected.filter((pattern) => !found.some((message) => matchesMessage(pattern, message)));
  const unexpected = found.filter((message) => !expected.some((pattern) => matchesMessage(pattern, message)));
  return [
    ...missing.map((pattern) => `- ${what}: ${patternText(pattern)}`),
    ...unexpected.map((message) => `+ ${what}: ${JSON.stringify(message)}`),
  ];
}
