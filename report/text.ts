import { formatDuration, formatMoment } from '../core/kube/duration';
import {
  largest,
  valueAt,
  type AutoscalerMetric,
  type AutoscalerTimeline,
  type Condition,
  type Decision,
  type Timeline,
} from '../core/model';
import { chart } from './chart';
import { formatNumber } from './series';
import {
  conditionName,
  conditionText,
  interruptionsOf,
  isTrouble,
  sizeAfter,
  tellingEvents,
  untoldConditions,
  type Interruption,
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
    header(timeline, style, paint),
    ...timeline.autoscalers.map((autoscaler) => autoscalerSection(timeline, autoscaler, style, paint)),
    problemSection(timeline, style, paint),
    outcomeSection(timeline, style, paint),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header(timeline: Timeline, { width }: Style, paint: Paint): string[] {
  const { name, durationMs, cluster, seed, noise, loads } = timeline;
  const last = (column: readonly number[]): string => formatNumber(column.at(-1) ?? 0);
  return [
    paint.bold(`Rehearsal of ${name}: ${formatDuration(durationMs)} of virtual time`),
    paint.dim(hang('', `${cluster}; seed ${seed}, noise ${noise ? 'on' : 'off'}`, width)),
    ...loads.map(({ name: load, target, sent, served }) => {
      const rates = `${last(sent)} requests/s at the end, ${last(served)} answered`;
      return hang(INDENT, `${load} → ${target}: ${rates}`, width);
    }),
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

/** The replicas of one autoscaler over time. */
export function replicaChart(
  { durationMs }: Timeline,
  { syncs }: AutoscalerTimeline,
  style: Style,
  paint: Paint,
): string[] {
  const most = largest(1, syncs.replicas, syncs.desired);
  const lines = chart({
    durationMs,
    // Before the first sync the size is the one that the first sync found.
    valueAt: (atMs) => sizeAfter(syncs, atMs) ?? syncs.replicas[0],
    most,
    rows: Math.min(MOST_REPLICA_ROWS, most + 1),
    width: style.width - INDENT.length,
  });
  return [`${INDENT}replicas`, ...painted(lines, paint.accent)];
}

function metricChart(
  { durationMs }: Timeline,
  { syncs }: AutoscalerTimeline,
  { name, targetType, target, values }: AutoscalerMetric,
  style: Style,
  paint: Paint,
): string[] {
  const known = values.filter((value) => value !== null);
  const summary = `${name}: ${lastValue(values)} at the end, target ${formatNumber(target)} (${targetType})`;
  const title = hang(INDENT, summary, style.width);
  if (known.length === 0) return ['', title, ...painted(['never known'], paint.bad)];
  const lines = chart({
    durationMs,
    valueAt: (atMs) => valueAt(syncs.atMs, values, atMs) ?? undefined,
    target,
    most: largest(target, known),
    rows: METRIC_ROWS,
    width: style.width - INDENT.length,
  });
  return ['', title, ...painted(lines, paint.notice)];
}

function lastValue(values: readonly (number | null)[]): string {
  const last = values.at(-1);
  return last === undefined || last === null ? '<unknown>' : formatNumber(last);
}

function painted(lines: readonly string[], color: (text: string) => string): string[] {
  return lines.map((line) => `${INDENT}${color(line)}`);
}

function decisionLines(decisions: readonly Decision[], style: Style, paint: Paint): string[] {
  if (decisions.length === 0) return [];
  const changes = decisions.map(({ from, to }) => (to === undefined ? '' : `${from} → ${to}`));
  const width = largest(
    0,
    changes.map((change) => change.length),
  );
  const lines = decisions.flatMap((decision, index) => {
    const change = width > 0 ? `${(changes[index] ?? '').padEnd(width)}  ` : '';
    const lead = `${formatMoment(decision.atMs).padStart(9)}  ${change}`;
    return said(decision).map(({ text, tone }, line) =>
      paint[tone](hang(line === 0 ? lead : ' '.repeat(lead.length), text, style.width)),
    );
  });
  return ['', `${INDENT}decisions`, ...lines];
}

/** What a decision consists of: the controller's events in its words, then the conditions that came with them. */
function said(decision: Decision): { readonly text: string; readonly tone: 'plain' | 'bad' | 'dim' }[] {
  const conditions = untoldConditions(decision);
  const quiet = conditions.filter((condition) => !isTrouble(condition)).map(conditionName);
  return [
    ...tellingEvents(decision).map(({ type, reason, message }) => ({
      text: `${reason}: ${message}`,
      tone: type === 'Warning' ? ('bad' as const) : ('plain' as const),
    })),
    ...conditions
      .filter(isTrouble)
      .map((condition) => ({ text: conditionText(condition), tone: 'bad' as const })),
    ...(quiet.length > 0 ? [{ text: quiet.join(', '), tone: 'dim' as const }] : []),
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

function problemSection(timeline: Timeline, style: Style, paint: Paint): string[] {
  const { lasting, over, overBy } = interruptionsOf(timeline);
  const lines = (list: readonly Interruption[], mark: string, color: (text: string) => string): string[] =>
    list.map(({ link, objects, message, period }) =>
      color(hang(`${INDENT}${mark} `, `${link}: ${objects}: ${message} (${period})`, style.width)),
    );
  return [
    ...(lasting.length > 0
      ? [paint.bold('Links that did not carry to the end'), ...lines(lasting, '!', paint.notice)]
      : []),
    ...(lasting.length > 0 && over.length > 0 ? [''] : []),
    ...(over.length > 0
      ? [paint.dim(`Links that did not carry at first or for a while, all over by ${overBy}`)]
      : []),
    ...lines(over, '-', paint.dim),
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
