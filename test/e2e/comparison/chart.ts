import { html, Markup } from '../../../core/markup';
import type { AutoscalerTimeline } from '../../../core/model';
import { formatNumber } from '../../../report/series';
import { PAGE_STYLE } from '../../../report/page-style';
import type { RunPair } from '../contracts';
import type { Alignment, Anchor } from './alignment';
import { alignmentOf, autoscalerIn, compare, namesOf, type AutoscalerComparison } from './compare';
import { plotMarkup, type Plot, type PlotLine } from './plot';

const WIDTH = 960;
const LEFT = 56;
const RIGHT = 24;
const HEAD = 58;
/** Of a plot: the title above it, itself, and what separates it from the next. */
const TITLE = 30;
const PLOT = 150;
const GAP = 18;
const FOOT = 34;
/** Of the time from the first step until the end, what is drawn before it. */
const LEAD = 0.08;

/** Colours that people who confuse red and green tell apart (Okabe and Ito), and dashes for those who see none. */
const STYLE = `
svg { --ground: #ffffff; --text: #1b2430; --muted: #5b6675; --grid: #e3e8ed; --axis: #9aa5b1;
  --real: #0072b2; --rehearsed: #d55e00; --target: #6b7684; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0f141a; --text: #e4e9ef; --muted: #9aa7b5; --grid: #242e38; --axis: #5c6875;
    --real: #56b4e9; --rehearsed: #ffb000; --target: #9aa7b5; }
}
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--muted); }
.head { font-size: 16px; font-weight: 650; fill: var(--text); }
.title, .legend { font-weight: 600; fill: var(--text); }
.tick { font-size: 12px; }
.ground { fill: var(--ground); }
.grid { stroke: var(--grid); }
.axis { stroke: var(--axis); }
path, .sample { fill: none; stroke-linejoin: round; }
.real { stroke: var(--real); stroke-width: 4; }
.rehearsed { stroke: var(--rehearsed); stroke-width: 2; stroke-dasharray: 8 4; }
.target { stroke: var(--target); stroke-width: 1.5; stroke-dasharray: 2 4; }
`;

/**
 * One autoscaler of both runs as a picture that stands alone: replicas as steps and, below, each metric with its target,
 * all on the time axis of the rehearsal, counted from the first step. It follows the reader's light or dark scheme and has no script.
 * @param name `namespace/name`; the first autoscaler without it
 * @throws Error if either run has no such autoscaler
 */
export function comparisonChart(
  pair: RunPair,
  anchors: readonly Anchor[] = [],
  name = namesOf(pair)[0] ?? '',
): string {
  const [real, rehearsed] = [autoscalerIn(pair.real, name), autoscalerIn(pair.rehearsed, name)];
  if (!real || !rehearsed) throw new Error(`${pair.run}: not both runs have an autoscaler ${name}`);
  const plots = plotsOf(pair, real, rehearsed, anchors);
  const height = HEAD + plots.length * (TITLE + PLOT + GAP) - GAP + FOOT;
  const frames = plots.map((plot, index) => {
    const top = HEAD + index * (TITLE + PLOT + GAP) + TITLE;
    return plotMarkup(plot, { left: LEFT, top, width: WIDTH - LEFT - RIGHT, height: PLOT });
  });
  const label = `Replicas and metrics of ${name}, on the real cluster and rehearsed`;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
    aria-label="${label}"
  >
    <style>
      ${new Markup(STYLE)}
    </style>
    <rect class="ground" width="${WIDTH}" height="${height}" rx="8" />
    <text class="head" x="${LEFT}" y="30">${pair.run}: ${name}</text>
    ${legend()} ${frames}
  </svg> `.text.replaceAll(/\n\s*\n/g, '\n');
}

/** A page with a chart and the checks of every autoscaler; no script, opens from disk. */
export function comparisonPage(pair: RunPair, anchors: readonly Anchor[] = []): string {
  const { met, autoscalers } = compare(pair, anchors);
  const badge = met
    ? html`<span class="badge met">✓ as rehearsed</span>`
    : html`<span class="badge missed">✗ not as rehearsed</span>`;
  const title = `${pair.run}: real cluster and rehearsal`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Markup(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <main>
          <div class="lead">
            <h1>${title}</h1>
            ${badge}
          </div>
          <p class="muted">${pair.real.cluster}</p>
          ${autoscalers.map((autoscaler) => section(pair, anchors, autoscaler))}
        </main>
      </body>
    </html> `.text;
}

function section(
  pair: RunPair,
  anchors: readonly Anchor[],
  { autoscaler, checks }: AutoscalerComparison,
): Markup {
  const both = autoscalerIn(pair.real, autoscaler) && autoscalerIn(pair.rehearsed, autoscaler);
  const items = checks.map(({ name, met, detail }) => {
    const mark = met
      ? html`<span class="mark good" aria-label="met">✓</span>`
      : html`<span class="mark bad" aria-label="missed">✗</span>`;
    return html`<li>
      ${mark}<span>${name} <span class="muted">(${detail})</span></span>
    </li>`;
  });
  return html`<section>
    <header><h2>${autoscaler}</h2></header>
    ${both ? new Markup(comparisonChart(pair, anchors, autoscaler)) : html``}
    <ul>
      ${items}
    </ul>
  </section>`;
}

function plotsOf(
  pair: RunPair,
  real: AutoscalerTimeline,
  rehearsed: AutoscalerTimeline,
  anchors: readonly Anchor[],
): readonly Plot[] {
  const alignment = alignmentOf(real, rehearsed, anchors);
  const range = rangeOf(alignment, pair.rehearsed.durationMs);
  const realTimes = real.syncs.atMs.map((atMs) => alignment.rehearsed(atMs));
  const metrics = rehearsed.metrics.map(({ name, target, values }, index): Plot => {
    const of = real.metrics[index]?.values ?? [];
    return {
      title: `${name}, target ${formatNumber(target)}`,
      lines: [
        { role: 'target', atMs: [0], values: [target] },
        { role: 'real', atMs: realTimes, values: of },
        { role: 'rehearsed', atMs: rehearsed.syncs.atMs, values },
      ],
      ...{ ...range, whole: false, timeTexts: index === rehearsed.metrics.length - 1 },
    };
  });
  const replicas: Plot = {
    title: 'replicas',
    lines: [
      sizeLine('real', real, (atMs) => alignment.rehearsed(atMs)),
      sizeLine('rehearsed', rehearsed, (atMs) => atMs),
    ],
    ...{ ...range, whole: true, timeTexts: metrics.length === 0 },
  };
  return [replicas, ...metrics];
}

/** From a little before the first step, which is 0, until the end: what comes before differs in every cluster. */
function rangeOf({ anchors: [first] }: Alignment, endMs: number): Pick<Plot, 'beginMs' | 'zeroMs' | 'endMs'> {
  const zeroMs = first?.rehearsedMs ?? 0;
  return { beginMs: Math.max(0, zeroMs - (endMs - zeroMs) * LEAD), zeroMs, endMs };
}

/** The size that was found at first, and each that was written. */
function sizeLine(
  role: 'real' | 'rehearsed',
  { syncs, decisions }: AutoscalerTimeline,
  moment: (atMs: number) => number,
): PlotLine {
  const changes = decisions.flatMap(({ atMs, to }) => (to === undefined ? [] : [{ atMs: moment(atMs), to }]));
  const first = decisions.find(({ to }) => to !== undefined)?.from ?? syncs.replicas[0] ?? 0;
  return {
    role,
    atMs: [0, ...changes.map(({ atMs }) => atMs)],
    values: [first, ...changes.map(({ to }) => to)],
  };
}

function legend(): Markup {
  const entries = [
    { role: 'real', text: 'real cluster', at: WIDTH - 360 },
    { role: 'rehearsed', text: 'rehearsal', at: WIDTH - 222 },
    { role: 'target', text: 'target', at: WIDTH - 96 },
  ];
  return html`${entries.map(
    ({ role, text, at }) =>
      html`<line class="sample ${role}" x1="${at}" x2="${at + 30}" y1="49" y2="49" />
        <text class="legend" x="${at + 38}" y="53">${text}</text>`,
  )}`;
}
