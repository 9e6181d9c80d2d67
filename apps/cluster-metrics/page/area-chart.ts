import { html, type Markup } from '../../../core/markup';
import { number } from '../../page';
import type { HistoryPoint } from '../history';

const WIDTH = 1000;
const HEIGHT = 240;
const GRID = 4;

/** CPU over time: others below, opportunistic pods on them, and the two lines that they should stay under. */
export function areaChart(points: readonly HistoryPoint[], reserveMillicores: number): Markup {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || last.atMs === first.atMs) {
    return html`<p class="muted">The picture begins with the next measurement.</p>`;
  }
  const top = ceiling(Math.max(...points.map((p) => Math.max(p.allocatable, p.others + p.opportunistic))));
  const x = ({ atMs }: HistoryPoint) => ((atMs - first.atMs) / (last.atMs - first.atMs)) * WIDTH;
  const y = (millicores: number) => HEIGHT - (Math.min(millicores, top) / top) * HEIGHT;
  const line = (of: (point: HistoryPoint) => number) =>
    points.map((point) => `${x(point).toFixed(1)},${y(of(point)).toFixed(1)}`).join(' L');
  const others = line((point) => point.others);
  const both = line((point) => point.others + point.opportunistic);
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
        <path class="opportunistic" d="M0,${HEIGHT} L${both} L${WIDTH},${HEIGHT} Z" />
        <path class="others" d="M0,${HEIGHT} L${others} L${WIDTH},${HEIGHT} Z" />
        <path class="line allocatable" d="M${line((point) => point.allocatable)}" />
        <path
          class="line limit"
          d="M${line((point) => Math.max(0, point.allocatable - reserveMillicores))}"
        />
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
