import type { IncomingRequest, Sample, SeriesModel } from './program';

interface Kept {
  readonly model: SeriesModel;
  value: number;
  exported: boolean;
}

/** The numbers of a running program, counted request by request as its model says. */
export class Counters {
  private readonly kept: readonly Kept[];

  constructor(series: readonly SeriesModel[]) {
    this.kept = series.map((model) => ({
      model,
      value: model.start,
      exported: model.appears !== 'with-first-count',
    }));
  }

  count(request: IncomingRequest): void {
    for (const kept of this.kept) {
      const { model } = kept;
      const set = model.sets?.(request);
      const grown = model.growth(request);
      if (set === undefined && grown === 0) continue;
      kept.value = set ?? kept.value + grown;
      kept.exported = true;
    }
  }

  /** What it exports now. */
  get samples(): readonly Sample[] {
    return this.kept
      .filter(({ exported }) => exported)
      .map(({ model: { name, labels }, value }) => ({ name, labels, value }));
  }
}
