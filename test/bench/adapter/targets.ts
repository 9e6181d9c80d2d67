import type { DiscoveryCost } from './memory';
import type { Cost } from './rounds';

/** What is aimed for, and what a run came to. */
interface Target {
  readonly what: string;
  /** At most; a share of what it is compared with. */
  readonly aim: number;
  readonly found: number;
  readonly comparedWith: string;
}

const FLOOR = 'the floor';
const UPSTREAM = 'prometheus-adapter';

/** A round of all autoscalers, beside the floor and beside prometheus-adapter without a limit of its client. */
export function roundTargets(ours: Cost, floor: Cost | undefined, tuned: Cost | undefined): string {
  const targets: Target[] = [];
  const add = (what: string, aim: number, of: (cost: Cost) => number, peer: Cost | undefined) => {
    if (!peer) return;
    const comparedWith = peer === floor ? FLOOR : UPSTREAM;
    targets.push({ what, aim, found: of(ours) / of(peer), comparedWith });
  };
  const round = ({ roundSeconds }: Cost) => roundSeconds;
  const p99 = ({ p99Ms }: Cost) => p99Ms;
  add('a round', 2, round, floor);
  add('p99', 2, p99, floor);
  add('CPU of kube-apiserver', 1.5, ({ apiServerCpuMs }) => apiServerCpuMs, floor);
  add('a round', 1 / 10, round, tuned);
  add('p99', 1 / 10, p99, tuned);
  add('own CPU', 1 / 10, ({ adapterCpuMs }) => adapterCpuMs, tuned);
  add('queries', 1 / 200, ({ queries }) => queries, tuned);
  return lines(targets);
}

/** Memory of discovery, beside prometheus-adapter's and as the number of series grows. */
export function discoveryTargets(ours: readonly DiscoveryCost[], theirs: readonly DiscoveryCost[]): string {
  const targets: Target[] = [];
  const [first] = ours;
  for (const { series, peak } of ours) {
    const count = series.toLocaleString('en');
    const peer = theirs.find((cost) => Math.abs(cost.series - series) < series / 10);
    if (peer) {
      const what = `memory over ${count} series`;
      targets.push({ what, aim: 1 / 2, found: peak / peer.peak, comparedWith: UPSTREAM });
    }
    if (first && series > first.series) {
      const comparedWith = `that over ${first.series.toLocaleString('en')}`;
      targets.push({ what: `memory over ${count} series`, aim: 1.1, found: peak / first.peak, comparedWith });
    }
  }
  return lines(targets);
}

function lines(targets: readonly Target[]): string {
  return targets
    .map(({ what, aim, found, comparedWith }) => {
      const verdict = found <= aim ? 'met' : 'missed';
      return `- ${what}: ${share(found)} ${comparedWith}; aim: at most ${share(aim)}: ${verdict}`;
    })
    .join('\n');
}

/** `1.46 times`, or `1/23 of`. */
function share(value: number): string {
  return value >= 1 ? `${Number(value.toPrecision(3))} times` : `1/${Number((1 / value).toPrecision(3))} of`;
}
