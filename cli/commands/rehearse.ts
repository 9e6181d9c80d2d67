import { join } from 'node:path';
import { z } from 'zod';
import { checkObjects } from '../../core/check';
import { UsageError } from '../../core/errors';
import { parseGoDuration } from '../../core/kube/duration';
import type { ClusterDescriptor, Scenario, Timeline } from '../../core/model';
import { rehearse as play } from '../../rehearsal';
import { expectationsMet, findingsText, htmlReport, jsonReport, textReport } from '../../report';
import { textFile, writeFiles } from '../../synth';
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

const rehearseOptions = z.object({
  ...stackOptions,
  ...manifestOptions,
  ...outputOption,
  ...jsonOption,
  until: z.string().optional(),
  load: repeatable,
  seed: z.coerce.number('write a whole number').int('write a whole number').min(0).optional(),
  noise: z.boolean(),
});

/**
 * `plimsoll rehearse STACK` and `plimsoll rehearse --manifests DIR --scenario FILE`.
 *
 * A broken link that the check finds does not stop the rehearsal: what would happen is what one wants to see. It makes
 * the exit code 1, as a missed expectation does.
 */
export function rehearse(stackName: string | undefined, options: unknown, io: Io): number {
  const { json, output, until, load, seed, noise, ...named } = readOptions(rehearseOptions, options);
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
  const sound = showBrokenLinks(subject, io);
  const timeline = playWithProgress(subject, cluster, scenario, io);
  io.stdout.write(json ? jsonReport(timeline) : textReport(timeline, styleOf(io.stdout, io)));
  const reports = writeReports(output, timeline);
  if (!json) io.stdout.write(`\nWritten: ${reports.join(', ')}\n`);
  return sound && expectationsMet(timeline) ? 0 : 1;
}

/** @returns whether every link of the chain holds */
function showBrokenLinks({ objects, cluster }: Subject, io: Io): boolean {
  const broken = checkObjects(objects, cluster).filter(({ severity }) => severity === 'error');
  if (broken.length > 0) io.stderr.write(`${findingsText(broken, styleOf(io.stderr, io))}\n`);
  return broken.length === 0;
}

function playWithProgress(
  { name, objects }: Subject,
  cluster: ClusterDescriptor,
  scenario: Scenario,
  { stderr }: Io,
): Timeline {
  const progress = progressOn(stderr, parseGoDuration(scenario.duration));
  try {
    return play({
      name,
      objects: objects.map(({ object }) => object),
      cluster,
      scenario,
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}

function writeReports(output: string, timeline: Timeline): string[] {
  const files = new Map([
    [`${timeline.name}/rehearsal.json`, textFile(jsonReport(timeline))],
    [`${timeline.name}/rehearsal.html`, textFile(htmlReport(timeline))],
  ]);
  writeFiles(output, files);
  return [...files.keys()].map((path) => join(output, path));
}
