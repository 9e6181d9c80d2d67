import { goQuote } from '../kube/go-quote';
import { parseEval } from './parse-eval';
import { parseLoad } from './parse-load';
import { type Command } from './script';
import { ScriptLines } from './script-lines';

/** Characters of an unknown command that are told: a file that is no script may have one long line. */
const SHOWN = 40;

/**
 * Reads a PromQL test script, as Prometheus describes them in `promql/promqltest/README.md`; the forms that it calls
 * deprecated (`eval_fail`, `expected_fail_message` …) included.
 * @throws UsageError with the line that cannot be read
 */
export function parseScript(text: string): Command[] {
  const lines = new ScriptLines(text);
  const commands: Command[] = [];
  for (let line = lines.take(); line !== undefined; line = lines.take()) {
    if (line !== '') commands.push(parseCommand(line, lines));
  }
  return commands;
}

function parseCommand(header: string, lines: ScriptLines): Command {
  const word = header.split(/[\t ]/, 1)[0]?.toLowerCase() ?? '';
  if (word === 'clear') return { kind: 'clear', line: lines.number };
  if (word.startsWith('load')) return parseLoad(header, lines);
  if (word.startsWith('eval')) return parseEval(header, lines);
  return lines.fail(`unknown command ${goQuote(word.slice(0, SHOWN))}: it must be load, clear or eval`);
}
