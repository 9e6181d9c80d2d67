import { z } from 'zod';
import { UsageError } from '../../core/errors';
import { durationText } from '../../core/model/cluster';
import { brokenLinksText, checkSummary, expectationsMet, jsonReport, textReport } from '../../report';
import { checkedOf, exitCodeOf, findingsOf } from '../findings';
import { styleOf, type Io } from '../io';
import { playWithProgress, writeReports } from '../play';
import { chooseScenario } from '../scenario-options';
import { writeStack } from '../stack-output';
import { subjectOf, type Subject } from '../subject';
import {
  jsonOption,
  manifestOptions,
  outputOption,
  readOptions,
  repeatable,
  stackOptions,
} from './read-options';
import { rehearseAll } from './rehearse-all';

const rehearseOptions = z.object({
  ...stackOptions,
  ...manifestOptions,
  ...outputOption,
  ...jsonOption,
  until: durationText.optional(),
  load: repeatable,
  seed: z
    .string()
    .regex(/^\d{1,15}$/, 'write a whole number of at most 15 digits')
    .transform(Number)
    .optional(),
  noise: z.boolean(),
  unproven: z.boolean().default(false),
  all: z.boolean().default(false),
});

/**
 * `plimsoll rehearse STACK`, `plimsoll rehearse --manifests DIR --scenario FILE` and `plimsoll rehearse --all`.
 *
 * A broken link that the check finds does not stop the rehearsal: what would happen is what one wants to see. It makes
 * the exit code 1, as a missed expectation does. Objects that cannot be read do stop it, with exit code 2.
 */
export function rehearse(stackName: string | undefined, options: unknown, io: Io): number {
  const chosen = readOptions(rehearseOptions, options);
  const { json, output, until, load, seed, noise, unproven, all, ...named } = chosen;
  if (all) {
    refuseMoreThanAll(stackName, chosen);
    return rehearseAll(output, json, io);
  }
  const subject = subjectOf(stackName, named);
  const { cluster, scenario: written } = subject;
  if (!cluster || !written)
    throw new UsageError('--manifests needs --scenario FILE: it says what happens, and on which cluster');
  const objects = subject.objects.map(({ object }) => object);
  const { scenario, dropped } = chooseScenario(written, { until, load, seed, noise }, objects);
  for (const what of dropped) io.stderr.write(`not judged, it is after the end: ${what}\n`);
  // The scenario is written as it is played, so that playing the written files gives the same.
  if (subject.stack) {
    writeStack(output, { ...subject.stack, definition: { ...subject.stack.definition, scenario } });
  }
  const checked = showCheck(subject, json, io);
  if (checked === 2) return checked;
  const timeline = playWithProgress(subject, { cluster, scenario, unproven }, io);
  io.stdout.write(json ? jsonReport(timeline) : textReport(timeline, styleOf(io.stdout, io)));
  const reports = writeReports(output, timeline);
  if (!json) io.stdout.write(`\nWritten: ${reports.join(', ')}\n`);
  return expectationsMet(timeline) ? checked : 1;
}

/** Every stack is rehearsed as it is: what changes one of them has no place beside --all. */
function refuseMoreThanAll(stackName: string | undefined, chosen: z.infer<typeof rehearseOptions>): void {
  const { set, manifests, scenario, until, load, seed, noise, unproven } = chosen;
  const others = [set, manifests, load].some(({ length }) => length > 0) || !noise || unproven;
  if (!others && [stackName, scenario, until, seed].every((option) => option === undefined)) return;
  throw new UsageError('--all rehearses every stack as it is: use it with --output and --json only');
}

/**
 * Checks the chain: broken links go to stderr, a good outcome is a line before the report.
 * @returns the exit code that the findings ask for
 */
function showCheck(subject: Subject, json: boolean, io: Io): 0 | 1 | 2 {
  const findings = findingsOf(subject);
  const exitCode = exitCodeOf(findings);
  if (exitCode !== 0) io.stderr.write(brokenLinksText(findings, styleOf(io.stderr, io)));
  else if (!json) io.stdout.write(`${checkSummary(findings, checkedOf(subject), styleOf(io.stdout, io))}\n`);
  return exitCode;
}
