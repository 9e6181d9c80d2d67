import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../core/errors';
import { formatDuration, parseGoDuration } from '../../core/kube/duration';
import type { SourcedObject, Timeline } from '../../core/model';
import { durationText } from '../../core/model/cluster';
import { rehearse as play, type RehearsalInput } from '../../rehearsal';
import {
  brokenLinksText,
  checkSummary,
  expectationsMet,
  htmlReport,
  jsonReport,
  textReport,
} from '../../report';
import { textFile, writeFiles } from '../../synth';
import { checkedOf, exitCodeOf, findingsOf } from '../findings';
import { styleOf, type Io } from '../io';
import { progressOn } from '../progress';
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

const MINUTE_MS = 60_000;

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
});

/**
 * `plimsoll rehearse STACK` and `plimsoll rehearse --manifests DIR --scenario FILE`.
 *
 * A broken link that the check finds does not stop the rehearsal: what would happen is what one wants to see. It makes
 * the exit code 1, as a missed expectation does. Objects that cannot be read do stop it, with exit code 2.
 */
export function rehearse(stackName: string | undefined, options: unknown, io: Io): number {
  const { json, output, until, load, seed, noise, unproven, ...named } = readOptions(
    rehearseOptions,
    options,
  );
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

function playWithProgress(
  { name, objects }: Subject,
  chosen: Pick<RehearsalInput, 'cluster' | 'scenario' | 'unproven'>,
  { stderr }: Io,
): Timeline {
  const totalMs = parseGoDuration(chosen.scenario.duration);
  const progress = progressOn(stderr, (doneMs) => {
    const done = formatDuration(Math.floor(doneMs / MINUTE_MS) * MINUTE_MS);
    return `rehearsing: ${done} of ${formatDuration(totalMs)} (${Math.floor((doneMs / totalMs) * 100)} %)`;
  });
  try {
    return play({
      name,
      objects: objects.map(({ object }) => object),
      ...chosen,
      namespaces: namespacesOfReleases(objects),
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}

/** A release brings its namespace along. */
function namespacesOfReleases(objects: readonly SourcedObject[]): string[] {
  const brought = objects.filter(({ origin }) => origin.release !== undefined);
  return [...new Set(brought.flatMap(({ object }) => object.metadata.namespace ?? []))];
}

function writeReports(output: string, timeline: Timeline): string[] {
  const files = new Map([
    [`${timeline.name}/rehearsal.json`, textFile(jsonReport(timeline))],
    [`${timeline.name}/rehearsal.html`, textFile(htmlReport(timeline))],
  ]);
  writeFiles(output, files);
  return [...files.keys()].map((path) => join(output, path));
}
