import { proposalOf, type HpaCondition, type HpaResult } from '../core/hpa';
import type { Difference, Recording } from '../core/hpa/recording';
import { formatDuration } from '../core/kube/duration';
import { hang, paintOf, type Paint, type Style } from './style';

const NANOSECONDS_PER_MILLISECOND = 1e6;
/** Reasons of conditions when all is quiet; what else there is gets a line. */
const QUIET = new Set([
  'ReadyForNewScale',
  'SucceededRescale',
  'SucceededGetScale',
  'ValidMetricFound',
  'DesiredWithinRange',
  'NotScaledToZero',
]);

/** What the model does with a recording, sync by sync, for a terminal. */
export function replayText(recording: Recording, results: readonly HpaResult[], style: Style): string {
  const paint = paintOf(style);
  return [title(recording, paint), ...syncLines(recording, results, style, paint), ''].join('\n');
}

/** A difference between a recording and the model: both sides, and the syncs that led there. */
export function differenceText(
  recording: Recording,
  results: readonly HpaResult[],
  { sync, field, recorded, own }: Difference,
  style: Style,
): string {
  const paint = paintOf(style);
  const last = sync ?? results.length - 1;
  const where = sync === undefined ? 'over all syncs' : `sync ${sync}, at ${moment(recording, sync)}`;
  return [
    title(recording, paint),
    ...syncLines(recording, results.slice(0, last + 1), style, paint),
    paint.bad(`  differs in ${field} (${where})`),
    hang('    recorded: ', valueText(recorded), style.width),
    hang('    model:    ', valueText(own), style.width),
    '',
  ].join('\n');
}

function title({ id, config, syncs }: Recording, paint: Paint): string {
  const spec = syncs[0]?.inputs.spec;
  const target = spec?.scaleTargetRef;
  const limits = spec
    ? `, ${target?.kind} ${target?.name}, ${spec.minReplicas} to ${spec.maxReplicas} replicas`
    : '';
  return `${paint.bold(id)} ${paint.dim(`(Kubernetes ${config.kubernetes}${limits})`)}`;
}

function syncLines(
  recording: Recording,
  results: readonly HpaResult[],
  style: Style,
  paint: Paint,
): readonly string[] {
  const sizes = results.map((result, sync) => sizeText(recording, sync, result));
  const moments = results.map((_result, sync) => moment(recording, sync));
  const [momentWidth, sizeWidth] = [widest(moments), widest(sizes)];
  return results.map((result, sync) => {
    const lead = `  ${(moments[sync] ?? '').padStart(momentWidth)}  ${(sizes[sync] ?? '').padEnd(sizeWidth)}  `;
    const text = hang(lead, [...metricTexts(result), ...reasons(result)].join('; '), style.width);
    return result.scaleTo === undefined ? text : paint.accent(text);
  });
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}

function moment({ syncs }: Recording, sync: number): string {
  return formatDuration((syncs[sync]?.at ?? 0) / NANOSECONDS_PER_MILLISECOND);
}

/** `3`, or `3 → 5` if the scale was written; `?` if it could not be read. */
function sizeText({ syncs }: Recording, sync: number, { scaleTo }: HpaResult): string {
  const scale = syncs[sync]?.inputs.scale;
  if (!scale || 'error' in scale) return '?';
  return scaleTo === undefined ? `${scale.specReplicas}` : `${scale.specReplicas} → ${scaleTo}`;
}

function metricTexts({ metrics }: HpaResult): readonly string[] {
  return metrics.map((evaluated) => {
    const { metric, current, target, replicas, error } = proposalOf(evaluated);
    return replicas === undefined
      ? `${metric} fails: ${error}`
      : `${metric} ${current} of ${target} asks for ${replicas}`;
  });
}

function reasons({ rescaleReason, status }: HpaResult): readonly string[] {
  const conditions = status.conditions.filter(({ reason }) => !QUIET.has(reason)).map(conditionText);
  return rescaleReason ? [rescaleReason, ...conditions] : conditions;
}

function conditionText({ type, status, reason }: HpaCondition): string {
  return `${type}=${status} (${reason})`;
}

function valueText(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
