/** Between two listings for metrics that are not known; it doubles as long as they find nothing. */
const FIRST_PAUSE_MS = 5000;
/** A listing that takes long is followed by a pause of this many times that. */
const PAUSES = 20;

export interface UnknownMetricsProps {
  readonly now: () => number;
  /** Lists all series. */
  readonly list: () => Promise<void>;
  /** Another one whenever something is known that was not. */
  readonly known: () => unknown;
  /** The longest pause: after it series are listed anyway. */
  readonly intervalMs: number;
}

/**
 * Lists series when somebody asks for a metric that nobody knows: it may have come since the last listing, which
 * upstream waits for. Those who ask meanwhile wait for the same listing, and those who ask in vain cause few.
 */
export class UnknownMetrics {
  private pauseMs = FIRST_PAUSE_MS;
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private looking: Promise<boolean> | undefined;

  constructor(private readonly props: UnknownMetricsProps) {}

  /** @returns whether anything else is known now */
  look(): Promise<boolean> | false {
    if (this.looking) return this.looking;
    if (this.props.now() < this.notBeforeMs) return false;
    this.looking = this.list().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async list(): Promise<boolean> {
    const { now, list, known, intervalMs } = this.props;
    const [before, beganMs] = [known(), now()];
    await list();
    const endMs = now();
    const found = known() !== before;
    if (found) this.pauseMs = FIRST_PAUSE_MS;
    this.notBeforeMs = endMs + Math.max(this.pauseMs, (endMs - beganMs) * PAUSES);
    if (!found) this.pauseMs = Math.min(this.pauseMs * 2, intervalMs);
    return found;
  }
}
