import { type Labels } from '../kube/selector';
import { labelsKey } from '../promql/labels';
import { type LoadCommand, type LoadedSample, type LoadedSeries } from './script';
import { type ScriptLines } from './script-lines';
import { parseMetricNotation, parseSeriesNotation, type SequenceValue } from './series-notation';
import { parseStartTimestamps, type StartTimestamps } from './start-timestamps';

const LOAD = /^load(_with_nhcb)?\s+(.+)$/i;

/**
 * Reads a `load` command and the lines of its series.
 * @param header its first line, which was taken already
 * @throws UsageError with the line if anything is wrong
 */
export function parseLoad(header: string, lines: ScriptLines): LoadCommand {
  const line = lines.number;
  const match = LOAD.exec(header);
  if (!match) return lines.fail('invalid load command: write it like "load 1m" or "load_with_nhcb 1m"');
  const [, withHistograms, step = ''] = match;
  const block = new LoadBlock(lines, lines.duration(step));
  for (let text = lines.takeOfBlock(); text !== undefined; text = lines.takeOfBlock()) block.read(text);
  block.end();
  const series = [...block.series.values()];
  const converted =
    withHistograms === undefined ? [] : series.flatMap(({ labels }) => convertedLabels(labels));
  return { kind: 'load', line, series, nativeHistograms: [...block.nativeHistograms, ...converted] };
}

class LoadBlock {
  /** By their labels. */
  readonly series = new Map<string, LoadedSeries>();
  readonly nativeHistograms: Labels[] = [];
  #pending: (StartTimestamps & { readonly line: number }) | undefined;

  constructor(
    private readonly lines: ScriptLines,
    private readonly stepMs: number,
  ) {}

  read(text: string): void {
    const starts = this.lines.located(() => parseStartTimestamps(text));
    if (starts) {
      this.end();
      this.#pending = { ...starts, line: this.lines.number };
      return;
    }
    const { labels, rest } = this.lines.located(() => parseMetricNotation(text));
    if (rest.includes('{{')) {
      this.nativeHistograms.push(labels);
      this.#pending = undefined;
      return;
    }
    const { values } = this.lines.located(() => parseSeriesNotation(text));
    const offsetsMs = this.#takeOffsets(labels, values.length);
    this.series.set(labelsKey(labels), {
      line: this.lines.number,
      labels,
      samples: samplesOf(values, offsetsMs, this.stepMs),
    });
  }

  /** Fails if start timestamps wait for their series. */
  end(): void {
    if (this.#pending) this.lines.fail('@st line has no following sample line', this.#pending.line);
  }

  #takeOffsets(labels: Labels, count: number): StartTimestamps['offsetsMs'] {
    const pending = this.#pending;
    if (!pending) return [];
    this.#pending = undefined;
    if (labelsKey(pending.labels) !== labelsKey(labels)) {
      this.lines.fail('@st metric does not match the following sample line metric', pending.line);
    }
    if (pending.offsetsMs.length !== count) {
      const have = `@st line has ${pending.offsetsMs.length} values`;
      this.lines.fail(`${have} but sample line has ${count}`, pending.line);
    }
    return pending.offsetsMs;
  }
}

function samplesOf(
  values: readonly SequenceValue[],
  offsetsMs: StartTimestamps['offsetsMs'],
  stepMs: number,
): LoadedSample[] {
  return values.flatMap((value, index) => {
    if (value.kind === 'omitted') return [];
    const atMs = index * stepMs;
    const offsetMs = offsetsMs[index];
    const startMs = offsetMs === undefined ? undefined : atMs + offsetMs;
    return [{ atMs, value: value.kind === 'value' ? value.value : undefined, startMs }];
  });
}

/** Of a series of a classic histogram, the labels of the native one with custom buckets that is made of it. */
function convertedLabels(labels: Labels): Labels[] {
  const match = /^(.*)_(bucket|count|sum)$/s.exec(labels['__name__'] ?? '');
  if (!match) return [];
  const [, name = '', suffix] = match;
  const rest = Object.entries(labels).filter(([label]) => label !== 'le' || suffix !== 'bucket');
  return [{ ...Object.fromEntries(rest), __name__: name }];
}
