import type { Timeline } from '../core/model';
import { replicaChart } from './text';
import { sizesText } from './sizes';
import { hang, paintOf, type Style } from './style';
import { expectationsMet } from './verdict';

/** One rehearsal among several. */
export interface RehearsalSummary {
  readonly timeline: Timeline;
  /** How many links of the chain the check found broken. */
  readonly brokenLinks: number;
}

/** A rehearsal in one line of a list: the sizes of each autoscaler in turn, the chain, and the expectations. */
export function summaryText(
  { timeline, brokenLinks }: RehearsalSummary,
  nameWidth: number,
  style: Style,
): string {
  const paint = paintOf(style);
  const { name, autoscalers, outcomes } = timeline;
  const met = outcomes.filter((outcome) => outcome.met).length;
  const missed = outcomes.filter((outcome) => !outcome.met);
  const good = brokenLinks === 0 && expectationsMet(timeline);
  const chain = brokenLinks === 0 ? 'chain holds' : `${brokenLinks} broken links`;
  const sizes = autoscalers.map((autoscaler) => `${autoscaler.name} ${sizesText(autoscaler)}`).join(', ');
  const lead = `${good ? '✓' : '✗'} ${name.padEnd(nameWidth)}  `;
  const line = hang(lead, `${sizes}; ${chain}, ${met} of ${outcomes.length} expectations met`, style.width);
  const color = good ? paint.good : paint.bad;
  return [
    `${color(line.slice(0, 1))}${line.slice(1)}`,
    ...missed.map(({ expectation, actual }) =>
      paint.bad(hang(`${' '.repeat(lead.length)}✗ `, `${expectation} (${actual})`, style.width)),
    ),
    '',
  ].join('\n');
}

/** The charts of a rehearsal's replicas alone. */
export function replicaCharts(timeline: Timeline, style: Style): string {
  const paint = paintOf(style);
  const sections = timeline.autoscalers.map((autoscaler) =>
    [
      paint.bold(`${timeline.name}: ${autoscaler.namespace}/${autoscaler.name}`),
      ...replicaChart(timeline, autoscaler, style, paint),
      '',
    ].join('\n'),
  );
  return sections.join('\n');
}
