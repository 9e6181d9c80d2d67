import { join } from 'node:path';
import { formatDuration, parseGoDuration } from '../core/kube/duration';
import { isProvided, type SourcedObject, type Timeline } from '../core/model';
import { rehearse, type RehearsalInput } from '../rehearsal';
import { htmlReport, jsonReport } from '../report';
import { textFile, writeFiles } from '../synth';
import type { Io } from './io';
import { progressOn } from './progress';
import type { Subject } from './subject';

const MINUTE_MS = 60_000;

/** Rehearses a subject, with its virtual time on the terminal meanwhile. */
export function playWithProgress(
  { name, objects }: Subject,
  chosen: Pick<RehearsalInput, 'cluster' | 'scenario' | 'unproven'>,
  { stderr }: Io,
): Timeline {
  const totalMs = parseGoDuration(chosen.scenario.duration);
  const progress = progressOn(stderr, (doneMs) => {
    const done = formatDuration(Math.floor(doneMs / MINUTE_MS) * MINUTE_MS);
    return `rehearsing ${name}: ${done} of ${formatDuration(totalMs)} (${Math.floor((doneMs / totalMs) * 100)} %)`;
  });
  try {
    return rehearse({
      name,
      objects: objects.map(({ object }) => object),
      ...chosen,
      namespaces: namespacesOfProvided(objects),
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}

/** What others install brings its namespace along. */
function namespacesOfProvided(objects: readonly SourcedObject[]): string[] {
  const brought = objects.filter(({ origin }) => isProvided(origin));
  return [...new Set(brought.flatMap(({ object }) => object.metadata.namespace ?? []))];
}

/**
 * Writes a timeline as JSON and as a page.
 * @returns the paths
 */
export function writeReports(output: string, timeline: Timeline): string[] {
  const files = new Map([
    [`${timeline.name}/rehearsal.json`, textFile(jsonReport(timeline))],
    [`${timeline.name}/rehearsal.html`, textFile(htmlReport(timeline))],
  ]);
  writeFiles(output, files);
  return [...files.keys()].map((path) => join(output, path));
}
