import { NotSupportedError, UsageError, messageOf } from '../errors';
import { parseExpr, type SeriesStore } from '../promql';
import { additions, engineOptions, FEATURES, type Feature } from './features';
import { LoadedData } from './load';
import { parseScript } from './parse-script';
import { type Failure, runCase } from './run-case';
import { type EvalCommand } from './script';

/** What became of an `eval` command. */
export type CaseResult = {
  /** Where the command stands, from 1. */
  readonly line: number;
  readonly expression: string;
} & Verdict;

type Verdict =
  | { readonly status: 'passed' }
  | ({ readonly status: 'failed' } & Failure)
  /** `reason` is {@link NATIVE_HISTOGRAMS}, or the features without which the case cannot pass. */
  | { readonly status: 'skipped'; readonly reason: string };

/** Why a case is skipped that needs what the engine does not model. */
export const NATIVE_HISTOGRAMS = 'native histograms';

/**
 * Runs a PromQL test script; results come one by one, in the order of the script.
 *
 * A case is skipped, and says so, only if it reads or expects native histograms, or if it passes with features of
 * Prometheus that are not among `features` and fails without them.
 * @throws UsageError with the line if the script cannot be read or its data not be loaded
 */
export function* runScript(text: string, features: readonly Feature[]): Generator<CaseResult> {
  let data = new LoadedData();
  for (const command of parseScript(text)) {
    if (command.kind === 'clear') data = new LoadedData();
    else if (command.kind === 'load') data.load(command);
    else yield { line: command.line, expression: command.expression, ...judge(command, data, features) };
  }
}

function judge(command: EvalCommand, data: LoadedData, features: readonly Feature[]): Verdict {
  if (command.expected.result.kind === 'nativeHistograms') return skipped(NATIVE_HISTOGRAMS);
  try {
    const expr = parseExpr(command.expression, engineOptions(FEATURES));
    if (data.readsNativeHistograms(expr)) return skipped(NATIVE_HISTOGRAMS);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return failedToRun(error);
  }
  return judgeFloats(command, data.store, features);
}

function judgeFloats(command: EvalCommand, store: SeriesStore, features: readonly Feature[]): Verdict {
  const verdict = attempt(command, store, features);
  if (verdict.status !== 'failed') return verdict;
  const needed = additions(features).find(
    (more) => attempt(command, store, [...features, ...more]).status === 'passed',
  );
  return needed ? skipped(`needs ${needed.join(' + ')}`) : verdict;
}

function attempt(command: EvalCommand, store: SeriesStore, features: readonly Feature[]): Verdict {
  try {
    const failure = runCase(command, store, engineOptions(features));
    return failure ? { status: 'failed', ...failure } : { status: 'passed' };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const native = error instanceof NotSupportedError && /native histogram/i.test(error.message);
    return native ? skipped(NATIVE_HISTOGRAMS) : failedToRun(error);
  }
}

function skipped(reason: string): Verdict {
  return { status: 'skipped', reason };
}

function failedToRun(error: UsageError): Verdict {
  return { status: 'failed', reason: 'the query cannot be run', detail: [`+ error: ${messageOf(error)}`] };
}
