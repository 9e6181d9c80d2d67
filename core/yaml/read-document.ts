import { type z } from 'zod';
import { UsageError } from '../errors';
import { complaint } from '../kube/object';
import { type Position, type YamlPath, type YamlSource } from './yaml-source';

/**
 * Reads a document of a certain form.
 * @param where names the source in errors
 * @throws UsageError with everything that is wrong, a line each: `where:line:column: path: message`
 */
export function readDocument<S extends z.ZodType>(source: YamlSource, schema: S, where: string): z.infer<S> {
  if (source.problems.length > 0)
    throw refusal(
      source.problems.map((problem) => ({ ...problem, path: [] })),
      where,
    );
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  throw refusal(
    result.error.issues.flatMap((issue) => complaints(source, issue)),
    where,
  );
}

interface Complaint {
  readonly position: Position;
  readonly path: YamlPath;
  readonly message: string;
}

function complaints(source: YamlSource, issue: z.core.$ZodIssue): Complaint[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const inside = [...path, key];
      return { position: source.keyPositionOf(inside), path: inside, message: 'unknown field' };
    });
  }
  return [{ position: source.positionOf(path), path, message: complaint(issue) }];
}

/** In the order of the text. */
function refusal(found: readonly Complaint[], where: string): UsageError {
  const lines = [...found]
    .sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ position: { line, column }, path, message }) => {
      const field = path.length > 0 ? `${pathText(path)}: ` : '';
      return `${where}:${line}:${column}: ${field}${message}`;
    });
  return new UsageError(lines.join('\n'));
}

/** `tests[0].series[1].values` */
export function pathText(path: YamlPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
