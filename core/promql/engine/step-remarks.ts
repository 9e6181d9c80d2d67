import { Annotations, type Remark } from '../annotations';

/**
 * The remarks of a function over the steps of a query.
 *
 * From the second step on, Prometheus merges all remarks so far with themselves, which doubles the number of samples that
 * it tells of.
 */
export class StepRemarks {
  #all = new Annotations();
  #ofStep = new Annotations();

  add(remark: Remark): void {
    this.#ofStep.add(remark);
  }

  endStep(): void {
    const before = this.#all.remarks();
    const merged = new Annotations();
    for (const remark of [...before, ...this.#ofStep.remarks()]) merged.add(remark);
    const known = new Set(before.map(({ text }) => text));
    for (const remark of merged.remarks()) {
      if (remark.details && known.has(remark.text)) merged.add(remark);
    }
    this.#all = merged;
    this.#ofStep = new Annotations();
  }

  addTo(annotations: Annotations): void {
    for (const remark of this.#all.remarks()) annotations.add(remark);
  }
}
