import { Expectations } from './expectations';
import { type EvalCommand, type EvalQuery } from './script';
import { type ScriptLines } from './script-lines';

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+at\s+(.+?)\s+(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/;

/**
 * Reads an `eval` command and what it expects.
 * @param header its first line, which was taken already
 * @throws UsageError with the line if anything is wrong; whether the expression is PromQL is not looked at
 */
export function parseEval(header: string, lines: ScriptLines): EvalCommand {
  const line = lines.number;
  const { mode, query, expression } = parseHeader(header, lines);
  const expectations = new Expectations(lines, query, mode);
  for (let text = lines.takeOfBlock(); text !== undefined; text = lines.takeOfBlock()) {
    if (expectations.read(text) === 'complete') break;
  }
  return { kind: 'eval', line, expression, query, expected: expectations.end() };
}

interface Header {
  /** What stands after `eval_`. */
  readonly mode: string | undefined;
  readonly query: EvalQuery;
  readonly expression: string;
}

function parseHeader(header: string, lines: ScriptLines): Header {
  const instant = INSTANT.exec(header);
  if (instant) {
    const [, mode, at = '', expression = ''] = instant;
    return { mode, query: { kind: 'instant', atMs: lines.duration(at) }, expression };
  }
  const range = RANGE.exec(header);
  if (range) {
    const [, mode, from = '', to = '', step = '', expression = ''] = range;
    return { mode, query: { kind: 'range', steps: lines.steps(from, to, step) }, expression };
  }
  return lines.fail(
    'invalid eval command: write it like "eval instant at 5m QUERY" or "eval range from 0 to 5m step 1m QUERY"',
  );
}
