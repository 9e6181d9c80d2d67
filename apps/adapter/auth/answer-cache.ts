import { LRUCache } from 'lru-cache';
import { Turns, type TurnLimits } from './turns';

interface Kept<Answer> {
  readonly answer: Answer;
  readonly atMs: number;
  readonly holdsMs: number;
}

/** What is being asked, and how many want to know it. */
interface Asked<Answer> {
  readonly answer: Promise<Answer>;
  readonly end: AbortController;
  interested: number;
}
/** What an answer takes in memory without its texts, in bytes. */
const COST = 200;

/** What became of a question: answered from memory, being asked already, or neither. */
export type AskedResult = 'hit' | 'coalesced' | 'miss';

/** Who wants to know something. */
export interface Asker {
  /** Whose places a question takes; absent where no client has places of its own. */
  readonly client?: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What a cache remembers, and how much it asks at a time. */
export interface AnswerCacheProps<Answer> extends TurnLimits {
  readonly entries: number;
  /** All keys and answers together; what is larger on its own is not remembered. */
  readonly bytes: number;
  /** How long the texts of an answer are. */
  readonly lengthOf: (answer: Answer) => number;
  /** How long an answer holds, in milliseconds; 0 for not at all. */
  readonly holdsMs: (answer: Answer) => number;
  /** In milliseconds; need not be the time of day. */
  readonly now: () => number;
  readonly onAsked?: ((result: AskedResult) => void) | undefined;
}

/** There is no place left for another question. */
export class TooManyQuestions extends Error {
  override readonly name = 'TooManyQuestions';

  constructor() {
    super('too many questions wait for an answer');
  }
}

/** Answers of somebody who is slow to answer: kept for a while, asked for once by all that wait, and not all at once. */
export class AnswerCache<Answer> {
  private readonly kept: LRUCache<string, Kept<Answer>>;
  private readonly asked = new Map<string, Asked<Answer>>();
  private readonly turns: Turns;

  constructor(private readonly props: AnswerCacheProps<Answer>) {
    this.kept = new LRUCache({
      max: props.entries,
      maxSize: props.bytes,
      sizeCalculation: ({ answer }, key) => COST + key.length + props.lengthOf(answer),
    });
    this.turns = new Turns(props);
  }

  /** An answer that still holds. */
  known(key: string): Answer | undefined {
    const kept = this.kept.get(key);
    if (!kept) return undefined;
    const ageMs = this.props.now() - kept.atMs;
    // A clock that was set back would have it hold for longer.
    if (ageMs >= 0 && ageMs < kept.holdsMs) {
      this.props.onAsked?.('hit');
      return kept.answer;
    }
    this.kept.delete(key);
    return undefined;
  }

  /** Whether it is being asked, so that to ask it as well costs nothing. */
  isAsked(key: string): boolean {
    return this.asked.has(key);
  }

  /**
   * @param ask whoever else wants to know it meanwhile gets the same answer; told when nobody wants to any more
   * @throws TooManyQuestions if there is no place for it, else the reason of the asker's signal, or what `ask` throws
   */
  async ask(
    key: string,
    ask: (signal: AbortSignal) => Promise<Answer>,
    { client, signal }: Asker = {},
  ): Promise<Answer> {
    signal?.throwIfAborted();
    let asked = this.asked.get(key);
    if (!asked && this.turns.isFull(client)) throw new TooManyQuestions();
    this.props.onAsked?.(asked ? 'coalesced' : 'miss');
    asked ??= this.begin(key, ask, client);
    return this.answerOf(key, asked, signal);
  }

  private begin(
    key: string,
    ask: (signal: AbortSignal) => Promise<Answer>,
    client: string | undefined,
  ): Asked<Answer> {
    const end = new AbortController();
    const answer = this.turns.work(client, end.signal, async () => {
      const answered = await ask(end.signal);
      const holdsMs = this.props.holdsMs(answered);
      if (holdsMs > 0) this.kept.set(key, { answer: answered, atMs: this.props.now(), holdsMs });
      return answered;
    });
    const asked: Asked<Answer> = { answer, end, interested: 0 };
    this.asked.set(key, asked);
    const done = () => this.forget(key, asked);
    answer.then(done, done);
    return asked;
  }

  /** The answer, unless the one who wants it leaves first; when the last one has left it is not asked for any more. */
  private async answerOf(
    key: string,
    asked: Asked<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    asked.interested += 1;
    if (!signal) return asked.answer;
    await settledOrAborted(asked.answer, signal);
    if (signal.aborted) {
      asked.interested -= 1;
      if (asked.interested === 0) {
        this.forget(key, asked);
        asked.end.abort(signal.reason);
      }
      signal.throwIfAborted();
    }
    return asked.answer;
  }

  private forget(key: string, asked: Asked<Answer>): void {
    if (this.asked.get(key) === asked) this.asked.delete(key);
  }
}

function settledOrAborted(answer: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    answer.then(done, done);
  });
}
