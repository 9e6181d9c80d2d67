import type { Labels } from '../../core/kube/selector';
import type { Sample } from '../../core/workloads/program';

/** Micrometer's registry for Prometheus keeps three rings, and clears one a minute (`TimeWindowMax`). */
const RINGS = 3;
const RING_MS = 60_000;

/** A maximum that forgets what is older than two to three minutes. */
export class RecentMaximum {
  private readonly rings = new Array<number>(RINGS).fill(0);
  private current = 0;

  constructor(private turnedMs: number) {}

  record(value: number, nowMs: number): void {
    this.turn(nowMs);
    for (const [index, highest] of this.rings.entries()) this.rings[index] = Math.max(highest, value);
  }

  at(nowMs: number): number {
    this.turn(nowMs);
    return this.rings[this.current] ?? 0;
  }

  private turn(nowMs: number): void {
    const turns = Math.floor((nowMs - this.turnedMs) / RING_MS);
    for (let turn = 0; turn < Math.min(turns, RINGS); turn++) {
      this.rings[this.current] = 0;
      this.current = (this.current + 1) % RINGS;
    }
    this.turnedMs += turns * RING_MS;
  }
}

interface Timer {
  readonly labels: Labels;
  readonly longest: RecentMaximum;
  sum: number;
}

/** Names of the two series of a timer that depend on time. */
interface TimeNames {
  readonly sum: string;
  readonly longest: string;
}

/** The seconds that requests took, by their labels. */
export class RequestTimes {
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly names: TimeNames) {}

  record(labels: Labels, seconds: number, nowMs: number): void {
    const key = JSON.stringify(labels);
    const timer = this.timers.get(key) ?? { labels, longest: new RecentMaximum(nowMs), sum: 0 };
    this.timers.set(key, timer);
    timer.sum += seconds;
    timer.longest.record(seconds, nowMs);
  }

  samples(nowMs: number): readonly Sample[] {
    const { sum: sumName, longest: longestName } = this.names;
    return [...this.timers.values()].flatMap(({ labels, sum, longest }) => [
      { name: sumName, labels, value: sum },
      { name: longestName, labels, value: longest.at(nowMs) },
    ]);
  }
}
