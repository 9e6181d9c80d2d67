import { LookPace } from '../../../core/adapter';

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
  private readonly pace: LookPace;
  private looking: Promise<boolean> | undefined;

  constructor(private readonly props: UnknownMetricsProps) {
    this.pace = new LookPace(props.intervalMs);
  }

  /** @returns whether anything else is known now */
  look(): Promise<boolean> | false {
    if (this.looking) return this.looking;
    if (!this.pace.isDue(this.props.now())) return false;
    this.looking = this.list().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async list(): Promise<boolean> {
    const { now, list, known } = this.props;
    const [before, beganMs] = [known(), now()];
    await list();
    const found = known() !== before;
    this.pace.looked({ beganMs, endMs: now(), found });
    return found;
  }
}
