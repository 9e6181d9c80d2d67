import { formatDuration } from '../core/kube/duration';
import { formatNumber, roundSteps, timeMarks } from './series';

/** A step line over virtual time, drawn with characters. */
export interface ChartInput {
  readonly durationMs: number;
  /** The value at a moment; `undefined` where there is none: the line has a gap. */
  readonly valueAt: (atMs: number) => number | undefined;
  /** Drawn as a dashed line across. */
  readonly target?: number | undefined;
  /** Highest value of the axis; the axis starts at 0. */
  readonly most: number;
  /** Rows of the plot. */
  readonly rows: number;
  /** Characters in a line, the axis and its labels included. */
  readonly width: number;
}

/** Characters between two marks of the time axis, at least. */
const MARK_SPACING = 12;

/**
 * The lines of a chart: plot, time axis, marks. Vertical strokes join neighbouring columns of different value, so that
 * a change of size reads as a step.
 */
export function chart(input: ChartInput): string[] {
  const labels = rowLabels(input);
  const margin = Math.max(...labels.map((label) => label.length));
  const columns = Math.max(10, input.width - margin - 2);
  const grid = plot(input, columns);
  const body = grid.map((cells, index) => {
    const label = labels[index] ?? '';
    return `${label.padStart(margin)} ${label === '' ? '│' : '┤'}${cells.join('')}`.trimEnd();
  });
  return [...body, ...timeAxis(input.durationMs, columns, margin)];
}

/** Labels per row from the top: every row for few whole numbers, round values otherwise, and the target's. */
function rowLabels({ most, rows, target }: ChartInput): string[] {
  const labels = new Map(roundSteps(most, rows - 1).map((mark) => [rowOf(mark, most, rows), mark]));
  if (target !== undefined && target <= most) labels.set(rowOf(target, most, rows), target);
  return Array.from({ length: rows }, (_, index) => {
    const mark = labels.get(index);
    return mark === undefined ? '' : formatNumber(mark);
  });
}

/** Row of a value, counted from the top. */
function rowOf(value: number, most: number, rows: number): number {
  const share = most > 0 ? Math.min(1, Math.max(0, value / most)) : 0;
  return rows - 1 - Math.round(share * (rows - 1));
}

function plot({ durationMs, valueAt, target, most, rows }: ChartInput, columns: number): string[][] {
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  const put = (row: number, column: number, cell: string): void => {
    const line = grid[row];
    if (line) line[column] = cell;
  };
  if (target !== undefined && target <= most) {
    for (let column = 0; column < columns; column += 2) put(rowOf(target, most, rows), column, '┈');
  }
  let previous: number | undefined;
  for (let column = 0; column < columns; column++) {
    const value = valueAt((column / (columns - 1)) * durationMs);
    const row = value === undefined ? undefined : rowOf(value, most, rows);
    if (row !== undefined) stroke(put, column, row, previous ?? row);
    previous = row;
  }
  return grid;
}

/** Draws one column: a flat piece, or the corner, riser and corner from the row before to this one. */
function stroke(
  put: (row: number, column: number, cell: string) => void,
  column: number,
  row: number,
  previous: number,
): void {
  if (row === previous) {
    put(row, column, '─');
    return;
  }
  const up = row < previous;
  put(previous, column, up ? '╯' : '╮');
  put(row, column, up ? '╭' : '╰');
  for (let between = Math.min(row, previous) + 1; between < Math.max(row, previous); between++) {
    put(between, column, '│');
  }
}

function timeAxis(durationMs: number, columns: number, margin: number): string[] {
  const axis = Array.from({ length: columns }, () => '─');
  const marks = Array.from({ length: columns + MARK_SPACING }, () => ' ');
  for (const mark of timeMarks(durationMs, Math.floor(columns / MARK_SPACING))) {
    const column = Math.round((mark / durationMs) * (columns - 1));
    axis[column] = '┴';
    const text = formatDuration(mark);
    const start = Math.min(column, columns - text.length);
    [...text].forEach((character, index) => (marks[start + index] = character));
  }
  const indent = ' '.repeat(margin + 1);
  return [`${indent}└${axis.join('')}`, `${indent} ${marks.join('')}`.trimEnd()];
}
