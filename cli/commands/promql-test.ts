import { z } from 'zod';
import { didYouMean } from '../../core/did-you-mean';
import { messageOf, UsageError } from '../../core/errors';
import {
  type CaseResult,
  type Feature,
  FEATURES,
  runScript,
  SERVER_FEATURES,
  tally,
} from '../../core/promqltest';
import { type Io, styleOf } from '../io';
import { progressOn } from '../progress';
import { readText } from '../read-manifests';
import { failureText, type RunScript, tableText } from '../script-text';
import { jsonOption, readOptions, repeatable } from './read-options';

const promqlTestOptions = z.object({ ...jsonOption, enableFeature: repeatable });

/**
 * `plimsoll promql test FILE…`: runs PromQL test scripts of Prometheus' language.
 * @returns 1 if a case failed; skipped cases are no failure
 * @throws UsageError naming a file that cannot be read or has no case, with the line if it is no script
 */
export function promqlTest(files: readonly string[], options: unknown, io: Io): number {
  const { json, enableFeature } = readOptions(promqlTestOptions, options);
  const features = featuresOf(enableFeature);
  const texts = files.map((file) => ({ file, text: readText(file) }));
  const style = styleOf(io.stdout, io);
  const scripts = texts.map(({ file, text }) => {
    const results = runFile(file, text, features, io);
    if (!json) for (const result of results) io.stdout.write(failureText(file, result, style));
    return { file, results };
  });
  io.stdout.write(
    json ? `${JSON.stringify(scripts.map(jsonOf), undefined, 2)}\n` : tableText(scripts, style),
  );
  return scripts.some(({ results }) => results.some(({ status }) => status === 'failed')) ? 1 : 0;
}

function runFile(file: string, text: string, features: readonly Feature[], io: Io): CaseResult[] {
  const results: CaseResult[] = [];
  const progress = progressOn(io.stderr, (done) => `${file}: ${done} cases`);
  try {
    for (const result of runScript(text, features)) progress.update(results.push(result));
    if (results.length === 0) throw new UsageError('the script has no case: write an eval command');
    return results;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${file}: ${messageOf(error)}`);
  } finally {
    progress.end();
  }
}

/** What a server has on, and what is named, as Prometheus takes it: lists with commas, several times. */
function featuresOf(lists: readonly string[]): Feature[] {
  const named = lists.flatMap((list) => list.split(',')).map((name) => name.trim());
  const asked = named.filter(Boolean).map((name) => {
    const feature = FEATURES.find((known) => known === name);
    if (feature) return feature;
    const known = `those that change queries are ${FEATURES.join(', ')}`;
    throw new UsageError(
      `--enable-feature: unknown feature "${name}"${didYouMean(name, FEATURES) || `: ${known}`}`,
    );
  });
  return [...new Set([...SERVER_FEATURES, ...asked])];
}

function jsonOf({ file, results }: RunScript) {
  const { skipped, ...counts } = tally(results);
  return { file, ...counts, skipped: Object.fromEntries(skipped), results };
}
