/** What a kubelet says of a container at one moment. */
export interface Point {
  /** When the container started, in milliseconds. */
  readonly startMs: number;
  readonly atMs: number;
  /** CPU time since its start, in nanoseconds of one core. */
  readonly cpu: number;
  /** Bytes of its working set. */
  readonly memory: number;
}

/** Points by container, by pod. */
export type Batch = ReadonlyMap<string, ReadonlyMap<string, Point>>;

/** What is said of a pod. */
export interface PodUsage {
  readonly atMs: number;
  /** Time over which the CPU was measured, in milliseconds. */
  readonly windowMs: number;
  readonly containers: readonly {
    readonly name: string;
    /** Billionths of a core. */
    readonly cpu: number;
    /** Bytes. */
    readonly memory: number;
  }[];
}

/** A container that runs for less gives no sample by itself. */
const LEAST_LIFE_MS = 10_000;

/**
 * The last two points of every container, and the use between them (`pkg/storage/pod.go` of metrics-server 0.9.0). A
 * container that is younger than the resolution is measured from its start.
 */
export class MetricsStorage {
  private last: Batch = new Map();
  private previous: Batch = new Map();

  constructor(private readonly resolutionMs: number) {}

  store(batch: Batch): void {
    const previous = new Map<string, ReadonlyMap<string, Point>>();
    for (const [pod, containers] of batch) {
      const points = new Map<string, Point>();
      for (const [container, point] of containers) {
        const before = this.before(pod, container, point);
        if (before) points.set(container, before);
      }
      if (points.size > 0) previous.set(pod, points);
    }
    this.last = batch;
    this.previous = previous;
  }

  /** @returns undefined unless two points are known of all its containers */
  usageOf(pod: string): PodUsage | undefined {
    const last = this.last.get(pod);
    const previous = this.previous.get(pod);
    if (!last || !previous) return undefined;
    const containers: PodUsage['containers'][number][] = [];
    let earliest: { readonly atMs: number; readonly windowMs: number } | undefined;
    for (const [name, point] of last) {
      const before = previous.get(name);
      if (!before) return undefined;
      const windowMs = point.atMs - before.atMs;
      const cpu = Math.trunc(((point.cpu - before.cpu) / windowMs) * 1000);
      containers.push({ name, cpu, memory: point.memory });
      if (!earliest || earliest.atMs > point.atMs) earliest = { atMs: point.atMs, windowMs };
    }
    return earliest && { ...earliest, containers };
  }

  /** The point that use is measured from. */
  private before(pod: string, container: string, point: Point): Point | undefined {
    const life = point.atMs - point.startMs;
    if (life >= LEAST_LIFE_MS && life < this.resolutionMs) return { ...point, atMs: point.startMs, cpu: 0 };
    const stored = this.last.get(pod)?.get(container);
    // A container that has started since began to count anew.
    return stored && point.startMs < stored.atMs ? stored : undefined;
  }
}
