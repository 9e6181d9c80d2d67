import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatDuration, formatMoment } from '../core/kube/duration';
import type { AutoscalerTimeline, Condition, Decision, Timeline } from '../core/model';
import { html, jsonMarkup, Markup } from '../core/markup';
import { loadChart, metricChart, replicaChart, type PageChart } from './page-charts';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';
import { sizesText } from './sizes';
import {
  conditionName,
  conditionText,
  interruptionsOf,
  isTrouble,
  tellingEvents,
  untoldConditions,
  type Interruption,
  type Interruptions,
} from './timeline-text';
import { expectationsMet } from './verdict';

/**
 * The report as one page that opens from disk: charts, script and style are inside it, and it asks no network for
 * anything. Without its script all that the controller said can still be read.
 */
export function htmlReport(timeline: Timeline): string {
  const charts: PageChart[] = [];
  const figure = (chart: PageChart): Markup => figureOf(chart, charts.push(chart) - 1);
  const interruptions = interruptionsOf(timeline);
  const body = html`
    <main>
      ${header(timeline)} ${outcomes(timeline)} ${lastingSection(interruptions.lasting)}
      ${timeline.autoscalers.map((autoscaler) => autoscalerSection(timeline, autoscaler, figure))}
      ${loads(timeline, figure)} ${overSection(interruptions)}
      <footer>Rehearsed in virtual time by Plimsoll. No cluster took part.</footer>
    </main>
  `;
  return page(timeline, body, charts);
}

function page({ name }: Timeline, body: Markup, charts: readonly PageChart[]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Rehearsal of ${name}</title>
        <style>
          ${new Markup(`${asset('uPlot.min.css')}${PAGE_STYLE}`)}
        </style>
      </head>
      <body>
        ${body}
        <script type="application/json" id="charts">
          ${jsonMarkup(charts)}
        </script>
        <script>
          ${new Markup(asset('uPlot.iife.min.js'))};
        </script>
        <script>
          ${new Markup(PAGE_SCRIPT)};
        </script>
      </body>
    </html> `.text;
}

/** A file that uPlot ships for pages. */
function asset(name: string): string {
  return readFileSync(join(dirname(require.resolve('uplot')), name), 'utf8');
}

function header(timeline: Timeline): Markup {
  const { name, durationMs, cluster, seed, noise } = timeline;
  return html`<div class="lead">
      <h1>Rehearsal of ${name}</h1>
      ${verdict(timeline)}
    </div>
    <p class="muted">
      ${formatDuration(durationMs)} of virtual time; ${cluster}; seed ${seed}, noise ${noise ? 'on' : 'off'}
    </p>`;
}

function verdict(timeline: Timeline): Markup {
  const total = timeline.outcomes.length;
  const met = timeline.outcomes.filter((outcome) => outcome.met).length;
  if (total === 0) return html`<span class="badge">nothing expected</span>`;
  return expectationsMet(timeline)
    ? html`<span class="badge met">✓ all ${total} expectations met</span>`
    : html`<span class="badge missed">✗ ${total - met} of ${total} expectations missed</span>`;
}

function outcomes({ outcomes: list }: Timeline): Markup {
  if (list.length === 0) return html``;
  const items = list.map(({ expectation, met, actual }) => {
    const mark = met
      ? html`<span class="mark good" aria-label="met">✓</span>`
      : html`<span class="mark bad" aria-label="missed">✗</span>`;
    return html`<li>
      ${mark}<span>${expectation} <span class="muted">(${actual})</span></span>
    </li>`;
  });
  return html`<section class="expectations" aria-labelledby="expectations">
    <header><h2 id="expectations">Expectations</h2></header>
    <ul>
      ${items}
    </ul>
  </section>`;
}

/** Links that never recovered: the first thing to read. */
function lastingSection(lasting: readonly Interruption[]): Markup {
  if (lasting.length === 0) return html``;
  return html`<section class="problems" aria-labelledby="problems">
    <header><h2 id="problems">Links that did not carry to the end</h2></header>
    ${interruptionList(lasting, html`<span class="mark bad" aria-hidden="true">!</span>`)}
  </section>`;
}

/** Links that recovered: what any start brings, for those who want to know. */
function overSection({ over, overBy }: Interruptions): Markup {
  if (over.length === 0) return html``;
  return html`<section aria-labelledby="over">
    <header>
      <h2 id="over">Links that did not carry at first or for a while</h2>
      <span class="muted">all over by ${overBy}</span>
    </header>
    ${interruptionList(over, html`<span class="mark muted" aria-hidden="true">–</span>`)}
  </section>`;
}

function interruptionList(list: readonly Interruption[], mark: Markup): Markup {
  const items = list.map(
    ({ link, objects, message, period }) =>
      html`<li>
        ${mark}
        <span>
          <span class="reason">${link}: ${objects}</span>: ${message} <span class="muted">(${period})</span>
        </span>
      </li>`,
  );
  return html`<ul>
    ${items}
  </ul>`;
}

function autoscalerSection(
  timeline: Timeline,
  autoscaler: AutoscalerTimeline,
  figure: (chart: PageChart) => Markup,
): Markup {
  const { namespace, name, target, minReplicas, maxReplicas, metrics, decisions, conditions } = autoscaler;
  return html`<section>
    <header>
      <h2>${namespace}/${name}</h2>
      <span class="muted">${target.kind} ${target.name}, ${minReplicas} to ${maxReplicas} replicas</span>
      <span class="size">${sizesText(autoscaler)}</span>
    </header>
    <div class="charts">
      ${figure(replicaChart(timeline, autoscaler))}
      ${metrics.map((metric) => figure(metricChart(timeline, autoscaler, metric)))}
    </div>
    ${decisionTable(decisions)} ${conditionList(conditions)}
  </section>`;
}

function figureOf({ title, summary }: PageChart, index: number): Markup {
  return html`<figure>
    <figcaption>${title}</figcaption>
    <div class="plot" data-chart="${index}" role="img" aria-label="${title}. ${summary}"></div>
  </figure>`;
}

function decisionTable(decisions: readonly Decision[]): Markup {
  if (decisions.length === 0) return html``;
  const rows = decisions.map(
    (decision) =>
      html`<tr>
        <td class="time">${formatMoment(decision.atMs)}</td>
        <td class="change">${changeText(decision)}</td>
        <td class="words">${words(decision)}</td>
      </tr>`,
  );
  return html`<h3>Decisions, in the controller's words</h3>
    <div class="scroll">
      <table class="decisions">
        <thead>
          <tr>
            <th scope="col">at</th>
            <th scope="col">replicas</th>
            <th scope="col">reason</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function changeText({ from, to }: Decision): string {
  return to === undefined ? '' : `${from} → ${to}`;
}

function words(decision: Decision): Markup[] {
  const conditions = untoldConditions(decision);
  const quiet = conditions.filter((condition) => !isTrouble(condition)).map(conditionName);
  return [
    ...tellingEvents(decision).map(
      ({ type, reason, message }) =>
        html`<p class="${type === 'Warning' ? 'bad' : ''}">
          <span class="reason">${reason}</span>: ${message}
        </p>`,
    ),
    ...conditions.filter(isTrouble).map((condition) => html`<p class="bad">${conditionText(condition)}</p>`),
    ...(quiet.length > 0 ? [html`<p class="muted">${quiet.join(', ')}</p>`] : []),
  ];
}

function conditionList(conditions: readonly Condition[]): Markup {
  if (conditions.length === 0) return html``;
  const items = conditions.map(
    (condition) => html`<li><span class="${tone(condition)}">${conditionText(condition)}</span></li>`,
  );
  return html`<h3>Conditions at the end</h3>
    <ul class="conditions">
      ${items}
    </ul>`;
}

function tone(condition: Condition): string {
  return isTrouble(condition) ? 'bad' : 'muted';
}

function loads(timeline: Timeline, figure: (chart: PageChart) => Markup): Markup {
  if (timeline.loads.length === 0) return html``;
  return html`<section aria-labelledby="load">
    <header><h2 id="load">Load</h2></header>
    <div class="charts">${timeline.loads.map((load) => figure(loadChart(timeline, load)))}</div>
  </section>`;
}
