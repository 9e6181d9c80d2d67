import { type Labels } from '../../kube/selector';
import { type Matcher } from '../language/matcher';
import { type Series } from '../storage/series';
import { type SeriesStore } from '../storage/store';
import { areDistinct } from './matrix';

/** A selected series with the labels that the result will have. */
export interface Member {
  readonly series: Series;
  readonly labels: Labels;
}

interface Selected {
  readonly store: SeriesStore;
  readonly generation: number;
  readonly members: readonly Member[];
  /** Whether the labels of the results tell all members apart. */
  readonly distinct: boolean;
}

/** The series of a store that a selector matches, looked up again only when the store's set of series changed. */
export class Selection {
  #selected: Selected | undefined;

  /**
   * @param relabel makes the labels of the result from those of the series
   */
  constructor(
    private readonly matchers: readonly Matcher[],
    private readonly relabel: (labels: Labels) => Labels,
  ) {}

  in(store: SeriesStore): Selected {
    const known = this.#selected;
    if (known?.store === store && known.generation === store.generation) return known;
    const members = store
      .select(this.matchers)
      .map((series): Member => ({ series, labels: this.relabel(series.labels) }));
    const selected = { store, generation: store.generation, members, distinct: areDistinct(members) };
    this.#selected = selected;
    return selected;
  }
}
