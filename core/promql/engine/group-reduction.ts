import { type Labels } from '../../kube/selector';
import { type Group } from './grouping';
import { type Matrix, ONLY_STEP, type Row } from './matrix';
import { type Run } from './run';
import { StepReader } from './steps';

/** Makes one number of the first `length` values of a group at a step. */
type Reduce = (values: ArrayLike<number>, length: number, step: number) => number;

/** Makes one row of the rows of each group, step by step. */
export function reduceGroups(
  run: Run,
  matrix: Matrix,
  groupOf: (labels: Labels) => Group,
  reduce: Reduce,
): Matrix {
  return run.steps === 1 ? reduceOnce(matrix, groupOf, reduce) : reduceSteps(run, matrix, groupOf, reduce);
}

interface Members {
  readonly labels: Labels;
  dropName: boolean;
  /** Of the only row as long as there is only one: most queries of autoscalers group by pod. */
  values: readonly number[];
  more: number[] | undefined;
}

/** The case of one step, which every rule of the adapter is: nothing is kept that a step does not need. */
function reduceOnce(matrix: Matrix, groupOf: (labels: Labels) => Group, reduce: Reduce): Matrix {
  const groups = new Map<string, Members>();
  for (const row of matrix) {
    const { key, labels } = groupOf(row.labels);
    const group = groups.get(key);
    if (group) {
      group.values = group.more ??= [...group.values];
      group.more.push(row.values[0] ?? Number.NaN);
      group.dropName ||= row.dropName;
    } else {
      groups.set(key, { labels, dropName: row.dropName, values: row.values, more: undefined });
    }
  }
  const rows: Row[] = [];
  for (const { labels, dropName, values } of groups.values()) {
    rows.push({ labels, dropName, steps: ONLY_STEP, values: [reduce(values, values.length, 0)] });
  }
  return rows;
}

interface GroupState {
  readonly labels: Labels;
  /** The values of the current step; they are at the beginning. */
  readonly values: number[];
  length: number;
  dropName: boolean;
  readonly steps: number[];
  readonly results: number[];
}

function reduceSteps(run: Run, matrix: Matrix, groupOf: (labels: Labels) => Group, reduce: Reduce): Matrix {
  const groups = new Map<string, GroupState>();
  const groupOfRow = matrix.map((row) => stateOf(groups, groupOf(row.labels)));
  const reader = new StepReader(matrix);
  for (let step = 0; step < run.steps; step++) {
    reader.forEach(step, (row, value, index) => addValue(groupOfRow[index], row, value));
    for (const group of groups.values()) {
      if (group.length === 0) continue;
      group.steps.push(step);
      group.results.push(reduce(group.values, group.length, step));
      group.length = 0;
    }
  }
  return Array.from(groups.values(), ({ labels, dropName, steps, results }) => ({
    labels,
    dropName,
    steps,
    values: results,
  })).filter(({ steps }) => steps.length > 0);
}

function stateOf(groups: Map<string, GroupState>, { key, labels }: Group): GroupState {
  let state = groups.get(key);
  if (!state) {
    state = { labels, values: [], length: 0, dropName: false, steps: [], results: [] };
    groups.set(key, state);
  }
  return state;
}

function addValue(group: GroupState | undefined, row: Row, value: number): void {
  if (!group) return;
  group.dropName = group.length === 0 ? row.dropName : group.dropName || row.dropName;
  group.values[group.length] = value;
  group.length++;
}
