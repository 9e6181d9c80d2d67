/** CPU of the process. */
export interface UsageNow {
  /** In all, in seconds. */
  readonly cpuSeconds: number;
  /** In thousandths of a core, since the last but one measurement. */
  readonly millicores: number;
  readonly uptimeMs: number;
}

interface Measurement {
  readonly atMs: number;
  readonly cpuMs: number;
}

/** Measures how much CPU the process uses. */
export class Usage {
  private readonly beganMs = performance.now();
  private older: Measurement = measure();
  private newer: Measurement = this.older;

  /** A new measurement; `millicores` is about the time since the one before. */
  measure(): void {
    this.older = this.newer;
    this.newer = measure();
  }

  get now(): UsageNow {
    const { atMs, cpuMs } = measure();
    const elapsed = atMs - this.older.atMs;
    return {
      cpuSeconds: cpuMs / 1000,
      millicores: elapsed > 0 ? Math.round(((cpuMs - this.older.cpuMs) / elapsed) * 1000) : 0,
      uptimeMs: atMs - this.beganMs,
    };
  }
}

function measure(): Measurement {
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), cpuMs: (user + system) / 1000 };
}
