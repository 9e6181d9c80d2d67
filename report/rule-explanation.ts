import { formatF } from '../core/promql/go-float';
import { formatSample } from '../core/rule-explain';
import type { Explanation, RuleReport, ServedValue, Verdict } from '../core/rule-explain';
import { hang, paintOf, type Style } from './style';

/**
 * Which metrics exist and from which series, for a terminal: one block a rule.
 * @param resourceRules whether the configuration has some: they are named, as they are not explained
 */
export function ruleReportsText(
  reports: readonly RuleReport[],
  resourceRules: boolean,
  style: Style,
): string {
  const paint = paintOf(style);
  const blocks = reports.map((report) => {
    const { rule, seriesQuery, series, metrics, error, excluded, unmapped } = report;
    const head = `${paint.bold(rule)} ${seriesQuery} ${paint.dim(`(${series} series)`)}`;
    const width = Math.max(0, ...metrics.map(({ name }) => name.length));
    const lines = metrics.map(({ name, series: from, replacedBy }) => {
      const note = replacedBy === undefined ? '' : paint.notice(`, replaced by ${replacedBy}`);
      return `  ${name.padEnd(width)}  ${paint.dim('from')} ${from}${note}`;
    });
    const notes = [
      ...(error === undefined ? [] : [`Prometheus does not list its series: ${error}`]),
      ...(series === 0 && error === undefined ? ['seriesQuery selects no series'] : []),
      ...excluded.map((reason) => `left out: ${reason}`),
      ...unmapped.map((name) => `without an object: no label of ${name} names one`),
    ].map((note) => hang('  ', note, style.width));
    return [head, ...lines, ...notes, ''].join('\n');
  });
  const count = reports.reduce(
    (sum, { metrics }) => sum + metrics.filter((one) => one.replacedBy === undefined).length,
    0,
  );
  const remarks = reports.flatMap(({ note }) =>
    note === undefined ? [] : [hang('note: ', note, style.width)],
  );
  if (resourceRules) remarks.push('resourceRules: not explained');
  const ending = remarks.map((remark) => `${remark}\n`).join('');
  return `${blocks.join('\n')}\n${ending}${count === 1 ? '1 metric' : `${count} metrics`}\n`;
}

/** What an autoscaler gets for a metric, for a terminal. */
export function explanationText(explanation: Explanation, style: Style): string {
  const paint = paintOf(style);
  const { source, query, result, values, missing, others, notes } = explanation;
  const rows: string[] = [];
  const row = (name: string, text: string): void => {
    rows.push(hang(name.padEnd(8), text, style.width));
  };
  if (source) row('rule', `${source.rule}, from ${source.series}`);
  if (query !== undefined) row('query', query);
  if (result && !('error' in result)) for (const line of resultLines(result)) row('result', line);
  for (const value of values) rows.push(`value   ${paint.good(valueText(value))}`);
  for (const note of notes) row('note', note);
  if (missing) {
    rows.push(`${paint.bad('missing')} ${missing.reason}${ofRule(missing)}`);
    rows.push(hang('        ', missing.text, style.width));
  }
  for (const other of others) rows.push(hang('also    ', `${other.rule ?? ''}: ${other.text}`, style.width));
  return `${rows.join('\n')}\n`;
}

function ofRule({ rule }: Verdict): string {
  return rule === undefined ? '' : ` in ${rule}`;
}

function valueText({ object, labels, value }: ServedValue): string {
  if (object !== undefined) return `${object}: ${value.toString()}`;
  return `${labels && Object.keys(labels).length > 0 ? `${formatSample(labels)}: ` : ''}${value.toString()}`;
}

const MOST_RESULTS = 20;

function resultLines(
  result: Exclude<NonNullable<Explanation['result']>, { readonly error: string }>,
): string[] {
  if (result.type === 'scalar') return [`scalar ${formatF(result.value)}`];
  if (result.type !== 'vector') return [`a ${result.type}`];
  if (result.samples.length === 0) return ['nothing'];
  const shown = result.samples
    .slice(0, MOST_RESULTS)
    .map(({ labels, value }) => `${formatSample(labels)} ${formatF(value)}`);
  const rest = result.samples.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}
