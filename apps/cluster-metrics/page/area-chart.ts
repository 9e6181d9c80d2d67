import { html, type Markup } from '../../../core/markup';
import { number } from '../../page';
import type { HistoryPoint, Stretch } from '../history';

const WIDTH = 1000;
const HEIGHT = 240;
const GRID = 4;

/** Thousandths of a core at a moment. */
type Amount = (point: HistoryPoint) => number;

/**
 * CPU over time: others below, opportunistic pods on them, and the two lines that they should stay under. Where it was
 * not known nothing is drawn.
 */
export function areaChart(stretches: readonly Stretch[], reserveMillicores: number): Markup {
  const points = stretches.flat();
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || last.atMs === first.atMs) {
    return html`<p class="muted">The picture begins with the next measurement.</p>`;
  }
  const top = ceiling(Math.max(...points.map((p) => Math.max(p.allocatable, p.others + p.opportunistic))));
  const x = ({ atMs }: HistoryPoint) => ((atMs - first.atMs) / (last.atMs - first.atMs)) * WIDTH;
  const y = (millicores: number) => HEIGHT - (Math.min(millicores, top) / top) * HEIGHT;
  const at = (point: HistoryPoint, millicores: number) =>
    `${x(point).toFixed(1)},${y(millicores).toFixed(1)}`;
  const line = (of: Amount) =>
    stretches.map((stretch) => `M${stretch.map((point) => at(point, of(point))).join(' L')}`).join(' ');
  const area = (of: Amount) =>
    stretches
      .map((stretch) => {
        const ends = [stretch[0], stretch.at(-1)].map((end) => (end ? x(end).toFixed(1) : ''));
        const edge = stretch.map((point) => at(point, of(point))).join(' L');
        return `M${ends[0]},${HEIGHT} L${edge} L${ends[1]},${HEIGHT} Z`;
      })
      .join(' ');
  const marks = Array.from({ length: GRID + 1 }, (_, index) => (top / 1000 / GRID) * (GRID - index));
  return html`<div class="chart">
      <div class="marks">${marks.map((mark) => html`<span>${number(mark, 1)}</span>`)}</div>
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        preserveAspectRatio="none"
        role="img"
        aria-label="CPU requested over time"
      >
        ${marks.slice(0, -1).map((mark) => html`<path class="grid" d="M0,${y(mark * 1000)} H${WIDTH}" />`)}
        <path class="opportunistic" d="${area((point) => point.others + point.opportunistic)}" />
        <path class="others" d="${area((point) => point.others)}" />
        <path class="line allocatable" d="${line((point) => point.allocatable)}" />
        <path class="line limit" d="${line((point) => Math.max(0, point.allocatable - reserveMillicores))}" />
      </svg>
    </div>
    <div class="times muted"><span>${clock(first.atMs)}</span><span>${clock(last.atMs)}</span></div>`;
}

/** The next number above that a scale may end with. */
function ceiling(value: number): number {
  if (value <= 0) return 1000;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
