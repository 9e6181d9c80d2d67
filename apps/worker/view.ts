import { html, type Markup } from '../../core/markup';
import { duration, number } from '../page';
import type { JobStatus } from './job';

const WIDTH = 1000;

/** Looks of the worker's page. */
export const WORKER_STYLE = `
.bar { display: block; width: 100%; height: 22px; border-radius: 6px; margin: 12px 0 6px; }
.track { fill: var(--track); }
.used { fill: var(--orange); }
dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 18px; margin: 12px 0 0; }
dt { color: var(--muted); }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
`;

/** The page's content: what was done, how fast, and with how much CPU. */
export function workerView(
  name: string,
  { progress, chunks, checkpoints, threads, usage, millicores }: JobStatus,
): Markup {
  const { first, next, longest, steps } = progress;
  const minutes = usage.uptimeMs / 60_000;
  return html`<header class="lead">
      <h1>Worker</h1>
      <p class="muted">${name} · up ${duration(usage.uptimeMs)}</p>
    </header>
    <div class="figures">
      <div class="figure main"><b>${number(chunks)}</b><span>chunks since it began</span></div>
      <div class="figure">
        <b>${number(minutes > 0 ? chunks / minutes : 0, 1)}</b><span>chunks a minute</span>
      </div>
      <div class="figure"><b>${number(usage.millicores / 1000, 2)}</b><span>cores in use</span></div>
      <div class="figure"><b>${number(checkpoints)}</b><span>checkpoints</span></div>
    </div>
    <section class="card">
      <header>
        <h2>CPU</h2>
        <span class="muted"
          >${number(millicores / 1000, 2)} cores wanted, ${threads}
          ${threads === 1 ? 'thread' : 'threads'}</span
        >
      </header>
      <svg
        class="bar"
        viewBox="0 0 ${WIDTH} 20"
        preserveAspectRatio="none"
        role="img"
        aria-label="share of the wanted CPU"
      >
        <rect class="track" width="${WIDTH}" height="20" />
        <rect
          class="used"
          width="${Math.round(Math.min(1, usage.millicores / millicores) * WIDTH)}"
          height="20"
        />
      </svg>
      <p class="muted">
        ${number((usage.millicores / millicores) * 100)}% · ${duration(usage.cpuSeconds * 1000)} of CPU time
        in all
      </p>
    </section>
    <section class="card">
      <header><h2>Collatz sequences</h2></header>
      <dl>
        <dt>numbers</dt>
        <dd>${next > first ? `${number(first)} to ${number(next - 1)}` : `from ${number(first)} on`}</dd>
        <dt>done</dt>
        <dd>${number(next - first)} numbers, ${number(steps)} steps</dd>
        <dt>longest</dt>
        <dd>
          ${longest.steps < 0 ? 'none yet' : `${number(longest.steps)} steps, from ${number(longest.start)}`}
        </dd>
      </dl>
    </section>`;
}
