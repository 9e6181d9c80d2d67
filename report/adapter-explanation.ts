import {
  formatSample,
  type AdapterExplanation,
  type FusionJson,
  type MetricExplanationJson,
  type ResultJson,
  type UsageExplanationJson,
} from '../core/rule-explain';
import { hang, paintOf, type Paint, type Style } from './style';

/** What a running adapter says of a metric, for a terminal. */
export function adapterExplanationText(explanation: AdapterExplanation, style: Style): string {
  const paint = paintOf(style);
  const row = (name: string, text: string) => hang(name.padEnd(8), text, style.width);
  const rows =
    explanation.kind === 'MetricExplanation'
      ? metricRows(explanation, row, paint)
      : usageRows(explanation, row, paint);
  return `${[...rows, ...verdictRows(explanation, row, paint)].join('\n')}\n`;
}

type Row = (name: string, text: string) => string;

const MOST_RESULTS = 20;

function metricRows(
  { rule, series, query, fusion, result, newestSample, values, ...asked }: MetricExplanationJson,
  row: Row,
  paint: Paint,
): string[] {
  return [
    ...(rule === undefined ? [] : [row('rule', `${rule}, from ${series ?? ''}`)]),
    ...(query === undefined ? [] : [row('source', sourceText(asked)), row('query', query)]),
    ...(fusion ? [row('fusion', fusionText(fusion))] : []),
    ...(result ? resultLines(result).map((line) => row('result', line)) : []),
    ...(newestSample ? [row('age', ageText(newestSample, result))] : []),
    ...values.map((value) => row('value', paint.good(valueText(value)))),
  ];
}

function usageRows(
  { rule, queries, values, ...asked }: UsageExplanationJson,
  row: Row,
  paint: Paint,
): string[] {
  return [
    row('rule', rule),
    ...(queries.length > 0 ? [row('source', sourceText(asked))] : []),
    ...queries.flatMap(({ of, query, fusion, result }) => [
      row(of, query),
      row('fusion', fusionText(fusion)),
      ...resultLines(result).map((line) => row('result', line)),
    ]),
    ...values.flatMap(({ object, timestamp, usage, containers = [] }) => [
      ...(usage ? [row('value', paint.good(`${object}: cpu ${usage.cpu}, memory ${usage.memory}`))] : []),
      ...containers.map(({ name, cpu, memory }) =>
        row('value', paint.good(`${object}, container ${name}: cpu ${cpu}, memory ${memory}`)),
      ),
      row(
        'time',
        `${object}: ${timestamp}, ${secondsText((Date.parse(asked.at) - Date.parse(timestamp)) / 1000)} before the query`,
      ),
    ]),
  ];
}

function verdictRows({ missing, others, notes }: AdapterExplanation, row: Row, paint: Paint): string[] {
  const rows = notes.map((note) => row('note', note));
  if (missing) {
    const { reason, text, rule } = missing;
    rows.push(`${paint.bad('missing')} ${reason}${rule === undefined ? '' : ` in ${rule}`}`);
    rows.push(row('', text));
  }
  return [...rows, ...others.map(({ rule = '', text }) => row('also', `${rule}: ${text}`))];
}

function sourceText({
  source,
  at,
  freshnessSeconds,
}: {
  source: string;
  at: string;
  freshnessSeconds?: number | undefined;
}): string {
  const name = source === '' ? '--prometheus-url' : source;
  const fresh =
    freshnessSeconds === undefined ? '' : `; a result counts for ${secondsText(freshnessSeconds)}`;
  return `${name}, asked at ${at}${fresh}`;
}

function fusionText(fusion: FusionJson): string {
  return fusion.fusable
    ? `one query answers for the objects of many autoscalers: ${fusion.query}`
    : `each request has a query of its own: ${fusion.reason}`;
}

function ageText(
  age: NonNullable<MetricExplanationJson['newestSample']>,
  result: ResultJson | undefined,
): string {
  if ('unknown' in age) return `not known: ${age.unknown}`;
  const seconds = secondsText(age.ageSeconds);
  const several = result && 'samples' in result && result.samples.length > 1;
  return several && age.object !== undefined
    ? `the newest samples of the objects are up to ${seconds} old: that of ${age.object}`
    : `the newest sample is ${seconds} old`;
}

function secondsText(seconds: number): string {
  return `${Math.round(seconds * 10) / 10} s`;
}

function valueText({ object, labels = {}, value }: MetricExplanationJson['values'][number]): string {
  if (object !== undefined) return `${object}: ${value}`;
  return `${Object.keys(labels).length > 0 ? `${formatSample(labels)}: ` : ''}${value}`;
}

function resultLines(result: ResultJson): string[] {
  if ('error' in result) return [];
  if (result.type === 'scalar') return [`scalar ${result.value}`];
  if (result.type !== 'vector') return [`a ${result.type}`];
  const { samples, more = 0 } = result;
  if (samples.length === 0) return ['nothing'];
  const shown = samples.slice(0, MOST_RESULTS).map(({ labels, value }) => `${formatSample(labels)} ${value}`);
  const rest = samples.length - shown.length + more;
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}
