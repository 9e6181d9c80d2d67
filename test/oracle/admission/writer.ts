import { type Json } from '../shrink';
import { type Dice } from './dice';
import { type JsonObject } from './json';

/** How often a mistake with a field is to leave it out. */
const LEAVES_OUT = 0.3;

/** Writes objects, and makes a mistake now and then. */
export class Writer {
  /**
   * @param carelessness probability of a mistake, each time that one can be made: 0 writes what is mostly valid, 0.25
   * hardly anything that is
   */
  constructor(
    readonly dice: Dice,
    private readonly carelessness: number,
  ) {}

  /** Whether a mistake is made now. */
  errs(): boolean {
    return this.dice.chance(this.carelessness);
  }

  /** One of the right values, or by mistake one of the others. */
  oneOf<T>(right: readonly T[], others: readonly T[]): T {
    return this.dice.pick(this.errs() ? others : right);
  }

  /** An object of the fields that have a value, without those that are left out by mistake. */
  object(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
    const written: Record<string, Json> = {};
    for (const [name, value] of Object.entries(fields)) {
      const leftOut = this.errs() && this.dice.chance(LEAVES_OUT);
      if (value !== undefined && !leftOut) written[name] = value;
    }
    return written;
  }
}
