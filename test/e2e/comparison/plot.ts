import { formatDuration } from '../../../core/kube/duration';
import { html, type Markup } from '../../../core/markup';
import { formatNumber, roundSteps, timeMarks } from '../../../report/series';

/** Where a line belongs; the style of the chart gives it colour and dash. */
type Role = 'real' | 'rehearsed' | 'target';

/** A line that holds each value until the next one; null is a gap. */
export interface PlotLine {
  readonly role: Role;
  readonly atMs: readonly number[];
  readonly values: readonly (number | null)[];
}

/** One plot of a chart: lines over a time axis. */
export interface Plot {
  readonly title: string;
  readonly lines: readonly PlotLine[];
  /** What is drawn, and the moment that the time axis calls 0. */
  readonly beginMs: number;
  readonly zeroMs: number;
  readonly endMs: number;
  /** Whether only whole numbers make sense. */
  readonly whole: boolean;
  /** Whether the marks of the time axis have texts. */
  readonly timeTexts: boolean;
}

/** Where a plot is drawn, in units of the picture. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Above the highest value. */
const HEADROOM = 1.08;
const TIME_MARKS = 9;
const VALUE_MARKS = 4;

/** Draws axes, marks and lines. The title stands above the frame, the texts of the time axis below it. */
export function plotMarkup(plot: Plot, frame: Frame): Markup {
  const { left, top, width, height } = frame;
  const most = Math.max(
    plot.whole ? 1 : 0,
    ...plot.lines.flatMap(({ values }) => values.map((value) => value ?? 0)),
  );
  const top0 = (most === 0 ? 1 : most) * HEADROOM;
  const { beginMs, zeroMs, endMs } = plot;
  const x = (atMs: number) => {
    const share = (Math.min(Math.max(atMs, beginMs), endMs) - beginMs) / (endMs - beginMs);
    return round(left + share * width);
  };
  const y = (value: number) => round(top + height - (value / top0) * height);
  const steps = roundSteps(top0, VALUE_MARKS).filter((mark) => !plot.whole || Number.isInteger(mark));
  return html`<text class="title" x="${left}" y="${top - 10}">${plot.title}</text>
    ${steps.map(
      (mark) =>
        html`<line class="grid" x1="${left}" x2="${left + width}" y1="${y(mark)}" y2="${y(mark)}" />
          <text class="tick" text-anchor="end" x="${left - 8}" y="${y(mark) + 4}"
            >${formatNumber(mark)}</text
          >`,
    )}
    ${timeMarks(endMs - zeroMs, TIME_MARKS).map(
      (mark) =>
        html`<line
            class="axis"
            x1="${x(zeroMs + mark)}"
            x2="${x(zeroMs + mark)}"
            y1="${top + height}"
            y2="${top + height + 5}"
          />
          ${
            plot.timeTexts
              ? html`<text class="tick" text-anchor="middle" x="${x(zeroMs + mark)}" y="${top + height + 20}">
                  ${formatDuration(mark)}
                </text>`
              : html``
          }`,
    )}
    <line class="axis" x1="${left}" x2="${left + width}" y1="${top + height}" y2="${top + height}" />
    ${plot.lines.map(({ role, atMs, values }) => {
      const d = stepPath({ role, atMs, values }, plot, x, y);
      return html`<path class="${role}" d="${d}" />`;
    })}`;
}

/** A path of horizontal pieces that are joined where one value follows another. */
function stepPath(
  { atMs: times, values }: PlotLine,
  { beginMs, endMs }: Plot,
  x: (atMs: number) => number,
  y: (value: number) => number,
): string {
  const pieces: string[] = [];
  let drawing = false;
  for (const [index, value] of values.entries()) {
    const from = times[index] ?? 0;
    const to = times[index + 1] ?? endMs;
    if (value === null || from > endMs || to < beginMs) {
      drawing = false;
      continue;
    }
    pieces.push(`${drawing ? 'L' : 'M'}${x(from)} ${y(value)}H${x(to)}`);
    drawing = true;
  }
  return pieces.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
