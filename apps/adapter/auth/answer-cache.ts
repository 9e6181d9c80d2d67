import { LRUCache } from 'lru-cache';

interface Kept<Answer> {
  readonly answer: Answer;
  readonly untilMs: number;
}

/** What became of a question: answered from memory, being asked already, or neither. */
export type AskedResult = 'hit' | 'coalesced' | 'miss';

/** What a cache remembers, and how much it asks at a time. */
export interface AnswerCacheProps<Answer> {
  readonly entries: number;
  /** How long an answer holds, in milliseconds; 0 for not at all. */
  readonly holdsMs: (answer: Answer) => number;
  /** Questions that are asked at a time; those beyond wait. */
  readonly concurrent: number;
  /** In milliseconds; need not be the time of day. */
  readonly now: () => number;
  readonly onAsked?: ((result: AskedResult) => void) | undefined;
}

/** Answers of somebody who is slow to ask: kept for a while, asked for once by all that wait, and not all at once. */
export class AnswerCache<Answer> {
  private readonly kept: LRUCache<string, Kept<Answer>>;
  private readonly asked = new Map<string, Promise<Answer>>();
  private readonly waiting: (() => void)[] = [];
  private asking = 0;

  constructor(private readonly props: AnswerCacheProps<Answer>) {
    this.kept = new LRUCache({ max: props.entries });
  }

  /** An answer that still holds. */
  known(key: string): Answer | undefined {
    const kept = this.kept.get(key);
    if (!kept) return undefined;
    if (this.props.now() < kept.untilMs) {
      this.props.onAsked?.('hit');
      return kept.answer;
    }
    this.kept.delete(key);
    return undefined;
  }

  /** @param ask never rejects; whoever else wants to know it meanwhile gets the same answer */
  ask(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const asked = this.asked.get(key);
    this.props.onAsked?.(asked ? 'coalesced' : 'miss');
    if (asked) return asked;
    const answer = this.fresh(key, ask).finally(() => this.asked.delete(key));
    this.asked.set(key, answer);
    return answer;
  }

  private async fresh(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    await this.turn();
    try {
      const answer = await ask();
      const holdsMs = this.props.holdsMs(answer);
      if (holdsMs > 0) this.kept.set(key, { answer, untilMs: this.props.now() + holdsMs });
      return answer;
    } finally {
      this.asking -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.asking >= this.props.concurrent)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.asking += 1;
  }
}
