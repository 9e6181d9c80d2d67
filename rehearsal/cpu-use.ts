import type { ContainerUsage } from '../core/workloads';

const NANO = 1e9;
const SECOND_MS = 1000;
/** Something is always used to start. */
const AT_START = 1;

/** The CPU time that a container has used, as its cgroup counts it. */
export class CpuUse {
  private used = AT_START;

  /** @param limit cores that it is throttled to; what it wants beyond them is lost, not done later */
  constructor(
    private readonly cpu: NonNullable<ContainerUsage['cpu']>,
    private readonly limit: number | undefined,
  ) {}

  /** Nanoseconds of one core. */
  get nanoseconds(): number {
    return this.used;
  }

  /** @param requests of clients that were answered in that time */
  advance(milliseconds: number, requests: number): void {
    const seconds = milliseconds / SECOND_MS;
    const wanted = this.cpu.idle * seconds + this.cpu.perRequest * requests;
    this.used += (this.limit === undefined ? wanted : Math.min(wanted, this.limit * seconds)) * NANO;
  }
}
