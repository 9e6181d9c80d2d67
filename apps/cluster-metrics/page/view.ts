import { html, type Markup } from '../../../core/markup';
import type { ClusterCapacity, ResourceCapacity } from '../../../core/workloads/capacity';
import { moment, number } from '../../page';
import type { Stretch } from '../history';
import { areaChart } from './area-chart';
import { bar } from './bar';
import { sharesOf } from './shares';

const MILLI = 1000;
const KI_PER_GI = 1024 * 1024;

/** What the page shows. */
export interface CapacityView {
  readonly nowMs: number;
  readonly capacity: ClusterCapacity;
  readonly history: readonly Stretch[];
  /** Whether opportunistic pods are told apart. */
  readonly hasOpportunistic: boolean;
}

/** The page's content: figures, CPU over time, and each resource as a bar. */
export function capacityView({ nowMs, capacity, history, hasOpportunistic }: CapacityView): Markup {
  const { cpu, memory, pods, nodes, reserveCpu } = capacity;
  return html`<header class="lead">
      <h1>Cluster capacity</h1>
      <p class="muted">${nodes.open} of ${nodes.all} nodes take pods · ${moment(nowMs)}</p>
    </header>
    ${figures(capacity, hasOpportunistic)}
    <section class="card">
      <header>
        <h2>CPU requested over time</h2>
        <span class="muted">cores</span>
      </header>
      ${areaChart(history, reserveCpu)}
      <ul class="legend">
        <li><i class="swatch others"></i>others</li>
        <li><i class="swatch opportunistic"></i>opportunistic</li>
        <li><i class="key"></i>allocatable</li>
        <li><i class="key limit"></i>without the reserve</li>
      </ul>
    </section>
    ${bar('CPU', sharesOf(scaled(cpu, MILLI), reserveCpu / MILLI), 'cores')}
    ${bar('Memory', sharesOf(scaled(memory, KI_PER_GI), 0), 'GiB')} ${bar('Pods', sharesOf(pods, 0), '')}`;
}

/** The page's content while nothing is known. */
export function unknownView(nowMs: number, reason: string): Markup {
  return html`<header class="lead">
      <h1>Cluster capacity</h1>
      <p class="muted">${moment(nowMs)}</p>
    </header>
    <p class="problem">The cluster is not known: ${reason}. Metrics are withheld until it is.</p>`;
}

function figures({ cpu, slots, slotCpu, waiting }: ClusterCapacity, hasOpportunistic: boolean): Markup {
  const running = number(cpu.opportunistic / MILLI, 1);
  return html`<div class="figures">
    <div class="figure main">
      <b>${number(slots)}</b><span>opportunistic slots, ${number(slotCpu / MILLI, 2)} CPU each</span>
    </div>
    <div class="figure">
      <b>${hasOpportunistic ? running : '–'}</b><span>cores of opportunistic pods</span>
    </div>
    <div class="figure">
      <b>${number(Math.abs(cpu.remaining) / MILLI, 1)}</b
      ><span>cores ${cpu.remaining < 0 ? 'requested beyond what there is' : 'that nobody requests'}</span>
    </div>
    <div class="figure"><b>${number(waiting)}</b><span>pods that wait for a node</span></div>
  </div>`;
}

function scaled(resource: ResourceCapacity, divisor: number): ResourceCapacity {
  const { capacity, allocatable, requested, opportunistic, remaining } = resource;
  return {
    capacity: capacity / divisor,
    allocatable: allocatable / divisor,
    requested: requested / divisor,
    opportunistic: opportunistic / divisor,
    remaining: remaining / divisor,
  };
}
