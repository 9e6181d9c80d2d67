import { formatDuration } from '../core/kube/duration';
import { refText } from '../core/kube/object';
import type {
  AutoscalerMetric,
  AutoscalerTimeline,
  Condition,
  Decision,
  LinkProblem,
  Timeline,
} from '../core/model';
import { chart } from './chart';
import { formatNumber, valueAt } from './series';
import {
  conditionText,
  isTrouble,
  momentText,
  periodText,
  sizeAfter,
  untoldConditions,
} from './timeline-text';
import { hang, paintOf, type Paint, type Style } from './style';

const INDENT = '  ';
const METRIC_ROWS = 7;
/** Rows of a chart of replicas: one per replica up to this many. */
const MOST_REPLICA_ROWS = 11;

/**
 * The report for a terminal: what was rehearsed, per autoscaler its size and metrics over time with each decision in
 * the controller's words, what did not carry, and the expectations.
 */
export function textReport(timeline: Timeline, style: Style): string {
  const paint = paintOf(style);
  const sections = [
    header(timeline, paint),
    ...timeline.autoscalers.map((autoscaler) => autoscalerSection(timeline, autoscaler, style, paint)),
    problemSection(timeline.problems, style, paint),
    outcomeSection(timeline, style, paint),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header({ name, durationMs, cluster, seed, noise, loads }: Timeline, paint: Paint): string[] {
  const last = (column: readonly number[]): string => formatNumber(column.at(-1) ?? 0);
  return [
    paint.bold(`Rehearsal of ${name}: ${formatDuration(durationMs)} of virtual time`),
    paint.dim(`${cluster}; seed ${seed}, noise ${noise ? 'on' : 'off'}`),
    ...loads.map(
      ({ name: load, target, sent, served }) =>
        `${INDENT}${load} → ${target}: ${last(sent)} requests/s at the end, ${last(served)} answered`,
    ),
  ];
}

function autoscalerSection(
  timeline: Timeline,
  autoscaler: AutoscalerTimeline,
  style: Style,
  paint: Paint,
): string[] {
  const { namespace, name, target, minReplicas, maxReplicas } = autoscaler;
  const limits = `${target.kind} ${target.name}, ${minReplicas} to ${maxReplicas} replicas`;
  return [
    `${paint.bold(`${namespace}/${name}`)} ${paint.dim(`(${limits})`)}`,
    ...replicaChart(timeline, autoscaler, style, paint),
    ...autoscaler.metrics.flatMap((metric) => metricChart(timeline, autoscaler, metric, style, paint)),
    ...decisionLines(autoscaler.decisions, style, paint),
    ...conditionLines(autoscaler.conditions, style, paint),
  ];
}

function replicaChart(
  { durationMs }: Timeline,
  { syncs }: AutoscalerTimeline,
  style: Style,
  paint: Paint,
): string[] {
  const most = Math.max(1, ...syncs.replicas, ...syncs.desired);
  const lines = chart({
    durationMs,
    // Before the first sync the size is the one that the first sync found.
    valueAt: (atMs) => sizeAfter(syncs, atMs) ?? syncs.replicas[0],
    most,
    rows: Math.min(MOST_REPLICA_ROWS, most + 1),
    width: style.width - INDENT.length,
  });
  return titled('replicas', lines, paint.accent);
}

function metricChart(
  { durationMs }: Timeline,
  { syncs }: AutoscalerTimeline,
  { name, targetType, target, values }: AutoscalerMetric,
  style: Style,
  paint: Paint,
): string[] {
  const known = values.filter((value) => value !== null);
  const title = `${name}: ${lastValue(values)} at the end, target ${formatNumber(target)} (${targetType})`;
  if (known.length === 0) return ['', `${INDENT}${title}`, `${INDENT}${paint.bad('never known')}`];
  const lines = chart({
    durationMs,
    valueAt: (atMs) => valueAt(syncs.atMs, values, atMs) ?? undefined,
    target,
    most: Math.max(target, ...known),
    rows: METRIC_ROWS,
    width: style.width - INDENT.length,
  });
  return ['', ...titled(title, lines, paint.notice)];
}

function lastValue(values: readonly (number | null)[]): string {
  const last = values.at(-1);
  return last === undefined || last === null ? '<unknown>' : formatNumber(last);
}

function titled(title: string, lines: readonly string[], color: (text: string) => string): string[] {
  return [`${INDENT}${title}`, ...lines.map((line) => `${INDENT}${color(line)}`)];
}

function decisionLines(decisions: readonly Decision[], style: Style, paint: Paint): string[] {
  if (decisions.length === 0) return [];
  const lines = decisions.flatMap((decision) => {
    const change = decision.to === undefined ? '' : `${decision.from} → ${decision.to}  `;
    const lead = `${momentText(decision.atMs).padStart(9)}  ${change}`;
    return said(decision).map(({ text, warning }, index) => {
      const block = hang(index === 0 ? lead : ' '.repeat(lead.length), text, style.width);
      return warning ? paint.bad(block) : block;
    });
  });
  return ['', `${INDENT}decisions`, ...lines];
}

/** What a decision consists of, in the controller's words: its events, and the conditions that came with them. */
function said(decision: Decision): { readonly text: string; readonly warning: boolean }[] {
  return [
    ...decision.events.map(({ type, reason, message }) => ({
      text: `${reason}: ${message}`,
      warning: type === 'Warning',
    })),
    ...untoldConditions(decision).map((condition) => ({
      text: conditionText(condition),
      warning: isTrouble(condition),
    })),
  ];
}

function conditionLines(conditions: readonly Condition[], style: Style, paint: Paint): string[] {
  if (conditions.length === 0) return [];
  const lines = conditions.map((condition) => {
    const block = hang('    ', conditionText(condition), style.width);
    return isTrouble(condition) ? paint.bad(block) : paint.dim(block);
  });
  return ['', `${INDENT}conditions at the end`, ...lines];
}

function problemSection(problems: readonly LinkProblem[], style: Style, paint: Paint): string[] {
  if (problems.length === 0) return [];
  return [
    paint.bold('Links that did not carry, and when'),
    ...problems.map((problem) => {
      const { link, object, message } = problem;
      const text = `${link}: ${refText(object)}: ${message} (${periodText(problem)})`;
      return paint.notice(hang(`${INDENT}! `, text, style.width));
    }),
  ];
}

function outcomeSection({ outcomes }: Timeline, style: Style, paint: Paint): string[] {
  if (outcomes.length === 0) return [paint.dim('The scenario expects nothing.')];
  const missed = outcomes.filter(({ met }) => !met).length;
  return [
    paint.bold('Expectations'),
    ...outcomes.map(({ expectation, met, actual }) => {
      const color = met ? paint.good : paint.bad;
      return color(hang(`${INDENT}${met ? '✓' : '✗'} `, `${expectation} (${actual})`, style.width));
    }),
    missed === 0
      ? paint.good(`${outcomes.length} of ${outcomes.length} expectations met`)
      : paint.bad(`${missed} of ${outcomes.length} expectations missed`),
  ];
}
