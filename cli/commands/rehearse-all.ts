import type { Timeline } from '../../core/model';
import { expectationsMet, replicaCharts, summaryText, type RehearsalSummary } from '../../report';
import { stacks } from '../../stacks';
import { findingsOf } from '../findings';
import { styleOf, type Io } from '../io';
import { playWithProgress, writeReports } from '../play';
import { writeStack } from '../stack-output';
import { subjectOf } from '../subject';

/** Rehearses every stack with its defaults: one line each, then the charts of the first. */
export function rehearseAll(output: string, json: boolean, io: Io): number {
  const { stdout } = io;
  const style = styleOf(stdout, io);
  const nameWidth = Math.max(...stacks.map(({ name }) => name.length));
  const summaries: RehearsalSummary[] = [];
  for (const { name } of stacks) {
    const summary = rehearseOne(name, output, io);
    if (!json) stdout.write(summaryText(summary, nameWidth, style));
    summaries.push(summary);
  }
  if (json) stdout.write(`${JSON.stringify(summaries.map(jsonOf), undefined, 2)}\n`);
  else stdout.write(closing(summaries, output, io));
  return summaries.every(isGood) ? 0 : 1;
}

function rehearseOne(name: string, output: string, io: Io): RehearsalSummary {
  const subject = subjectOf(name, { set: [], manifests: [] });
  const { cluster, scenario, stack } = subject;
  if (!cluster || !scenario || !stack) throw new Error(`stack ${name} has no scenario`);
  writeStack(output, stack);
  const broken = findingsOf(subject).filter(({ severity }) => severity === 'error');
  const timeline = playWithProgress(subject, { cluster, scenario }, io);
  writeReports(output, timeline);
  return { timeline, brokenLinks: broken.length };
}

function isGood({ timeline, brokenLinks }: RehearsalSummary): boolean {
  return brokenLinks === 0 && expectationsMet(timeline);
}

function closing(summaries: readonly RehearsalSummary[], output: string, io: Io): string {
  const [first] = summaries;
  const charts = first ? replicaCharts(first.timeline, styleOf(io.stdout, io)) : '';
  return `\n${charts}\nplimsoll rehearse STACK tells the rest; the pages with all charts are ${output}/*/rehearsal.html\n`;
}

function jsonOf({ timeline, brokenLinks }: RehearsalSummary) {
  const { name, autoscalers, outcomes } = timeline;
  return { name, brokenLinks, autoscalers: autoscalers.map(sizes), outcomes };
}

function sizes({ namespace, name, decisions, syncs }: Timeline['autoscalers'][number]) {
  const written = decisions.flatMap(({ atMs, to }) => (to === undefined ? [] : [{ atMs, replicas: to }]));
  return { name: `${namespace}/${name}`, found: syncs.replicas[0] ?? null, written };
}
