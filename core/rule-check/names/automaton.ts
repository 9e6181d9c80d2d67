import { NotSupportedError } from '../../errors';
import { anyChar, type CharSet, symbolOf } from './char-set';
import { type RegexpNode } from './regexp-parser';

/** States beyond which an expression is not looked into, such as of `(a{1000}){1000}`. */
const MOST_STATES = 20_000;

/** Where one may go from a state without reading a character: always, or only at an end of the text. */
interface Jump {
  readonly to: number;
  readonly when: 'always' | 'begin' | 'end';
}

interface State {
  readonly jumps: Jump[];
  readonly steps: { readonly set: CharSet; readonly to: number }[];
}

/** States that an automaton may be in, in order. */
export type StateSet = readonly number[];

/** A non-deterministic automaton for a regular expression (Thompson's construction). */
export class Automaton {
  private readonly states: State[] = [];
  private readonly start: number;
  private readonly accepting: number;

  /** @param anchored whether the whole text must match, or any part of it */
  constructor(node: RegexpNode, anchored: boolean) {
    this.start = this.add();
    const anything: RegexpNode = { kind: 'repeat', node: { kind: 'chars', set: anyChar() }, min: 0 };
    const parts = anchored ? [node] : [anything, node, anything];
    this.accepting = this.build({ kind: 'sequence', parts }, this.start);
  }

  /** The sets of characters that the automaton tells apart. */
  get sets(): readonly CharSet[] {
    return this.states.flatMap(({ steps }) => steps.map(({ set }) => set));
  }

  /** Where it is before the first character. */
  initial(): StateSet {
    return this.closure([this.start], 'begin');
  }

  /** Where it is after one more character. */
  next(from: StateSet, symbol: number): StateSet {
    const reached = from.flatMap((state) =>
      this.at(state).steps.flatMap(({ set, to }) => (set[symbol] ? [to] : [])),
    );
    return this.closure(reached, undefined);
  }

  /** Whether a text may end here. */
  accepts(states: StateSet): boolean {
    return this.closure(states, 'end').includes(this.accepting);
  }

  /** Whether it accepts a whole text. */
  matches(text: string): boolean {
    let states = this.initial();
    for (const char of text) states = this.next(states, symbolOf(char));
    return this.accepts(states);
  }

  private closure(from: readonly number[], place: 'begin' | 'end' | undefined): StateSet {
    const reached = new Set(from);
    for (const state of reached) {
      for (const { to, when } of this.at(state).jumps) {
        if (when === 'always' || when === place) reached.add(to);
      }
    }
    return [...reached].sort((a, b) => a - b);
  }

  /** Adds the states of an expression behind a state; returns the state behind it. */
  private build(node: RegexpNode, from: number): number {
    switch (node.kind) {
      case 'chars': {
        const to = this.add();
        this.at(from).steps.push({ set: node.set, to });
        return to;
      }
      case 'begin':
      case 'end': {
        const to = this.add();
        this.at(from).jumps.push({ to, when: node.kind });
        return to;
      }
      case 'sequence':
        return node.parts.reduce((state, part) => this.build(part, state), from);
      case 'choice': {
        const to = this.add();
        for (const option of node.options) this.jump(this.build(option, this.after(from)), to);
        return to;
      }
      case 'repeat':
        return this.buildRepeat(node, from);
    }
  }

  private buildRepeat({ node, min, max }: RegexpNode & { kind: 'repeat' }, from: number): number {
    let state = from;
    for (let count = 0; count < min; count++) state = this.build(node, state);
    const to = this.add();
    if (max === undefined) {
      const loop = this.after(state);
      this.jump(this.build(node, loop), loop);
      this.jump(loop, to);
      return to;
    }
    for (let count = min; count < max; count++) {
      this.jump(state, to);
      state = this.build(node, state);
    }
    this.jump(state, to);
    return to;
  }

  private after(from: number): number {
    const to = this.add();
    this.jump(from, to);
    return to;
  }

  private jump(from: number, to: number): void {
    this.at(from).jumps.push({ to, when: 'always' });
  }

  private add(): number {
    if (this.states.length >= MOST_STATES) throw new NotSupportedError('a regular expression of this size');
    this.states.push({ jumps: [], steps: [] });
    return this.states.length - 1;
  }

  private at(state: number): State {
    const found = this.states[state];
    if (!found) throw new RangeError(`automaton has no state ${state}`);
    return found;
  }
}
