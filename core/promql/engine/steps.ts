import { type Labels } from '../../kube/selector';
import { labelsKey } from '../labels';
import { failSameLabels, type Matrix, ONLY_STEP, requireDistinct, type Row } from './matrix';
import { isInstant, type Run } from './run';

/** One element of an instant vector. */
export interface Element {
  readonly labels: Labels;
  readonly value: number;
  readonly dropName: boolean;
}

export type Vector = readonly Element[];

/** What an operation makes of the vectors of one step. */
type StepFunction = (vectors: readonly Vector[], step: number) => Vector;

/**
 * Evaluates an operation step by step and makes series of its results (`rangeEval`).
 *
 * Results come in the order of the operation if there is one step, otherwise in the order in which they first appear,
 * where Prometheus has none.
 * @param delayedNames whether equal labels in one step may still become different ones
 * @throws UsageError if two results of a step have the same labels
 */
export function evaluateSteps(
  run: Run,
  inputs: readonly Matrix[],
  delayedNames: boolean,
  compute: StepFunction,
): Matrix {
  if (run.steps === 1) {
    const vector = compute(inputs.map(elementsOf), 0);
    if (!delayedNames || !isInstant(run)) requireDistinct(vector);
    return vector.map(({ labels, dropName, value }) => ({
      labels,
      dropName,
      steps: ONLY_STEP,
      values: [value],
    }));
  }
  const readers = inputs.map((matrix) => new StepReader(matrix));
  const collector = new RowCollector();
  for (let step = 0; step < run.steps; step++) {
    const vectors = readers.map((reader) => reader.at(step));
    for (const element of compute(vectors, step)) collector.add(element, step);
  }
  return collector.rows();
}

function elementsOf(matrix: Matrix): Vector {
  return matrix.map(({ labels, dropName, values }) => ({ labels, dropName, value: values[0] ?? Number.NaN }));
}

/** Reads the rows of a matrix step by step, forwards. */
export class StepReader {
  readonly #next: Int32Array;

  constructor(private readonly matrix: Matrix) {
    this.#next = new Int32Array(matrix.length);
  }

  /** The rows' elements at a step, not before that of the last call. */
  at(step: number): Element[] {
    const elements: Element[] = [];
    this.forEach(step, (row, value) => {
      elements.push({ labels: row.labels, dropName: row.dropName, value });
    });
    return elements;
  }

  /** Calls `visit` for every row that has a value at a step. */
  forEach(step: number, visit: (row: Row, value: number, index: number) => void): void {
    const { matrix } = this;
    for (let index = 0; index < matrix.length; index++) {
      const row = matrix[index];
      const next = this.#next[index] ?? 0;
      if (row?.steps[next] !== step) continue;
      this.#next[index] = next + 1;
      visit(row, row.values[next] ?? Number.NaN, index);
    }
  }
}

interface GrowingRow extends Row {
  readonly steps: number[];
  readonly values: number[];
}

/** Makes rows of the elements of several steps. */
export class RowCollector {
  readonly #rows = new Map<string, GrowingRow>();

  /** @throws UsageError if there is an element with the same labels at this step */
  add({ labels, dropName, value }: Element, step: number): void {
    const key = labelsKey(labels);
    const row = this.#rows.get(key);
    if (!row) {
      this.#rows.set(key, { labels, dropName, steps: [step], values: [value] });
      return;
    }
    if (row.steps.at(-1) === step) failSameLabels();
    row.steps.push(step);
    row.values.push(value);
  }

  rows(): Matrix {
    return [...this.#rows.values()];
  }
}
