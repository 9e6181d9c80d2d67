import type { Random } from '../../../rehearsal/random';

/** Choices at random. */
export class Draw {
  constructor(protected readonly random: Random) {}

  protected pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.random.below(choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  protected some(labels: readonly string[]): readonly string[] {
    return labels.filter(() => this.random.below(2) === 0);
  }

  protected weighted<T>(choices: readonly (readonly [weight: number, make: () => T])[]): T {
    let rest = this.random.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of choices) {
      rest -= weight;
      if (rest < 0) return make();
    }
    throw new Error('weights have to be positive');
  }
}
