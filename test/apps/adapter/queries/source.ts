import type { QueryOutcome } from '../../../../core/adapter';
import { Queries } from '../../../../apps/adapter/queries';
import type { QuerySource } from '../../../../apps/adapter/queries/query-runner';

/** A source that a test answers for, query by query, with a clock that stands still until it is moved. */
export class TestSource {
  now = 1_000_000;
  readonly asked: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly fusedRequests: string[] = [];
  answer: (query: string) => QueryOutcome = () => ({ type: 'vector', samples: [] });
  private held: (() => void)[] | undefined;

  readonly queries: Queries = new Queries({
    source: (name): QuerySource | undefined => (name === 'gone' ? undefined : this),
    now: () => this.now,
    stop: new AbortController().signal,
    onQuery: () => undefined,
    onResult: (result) => this.count(result),
    onFusedQuery: () => this.count('fused'),
    onFusedRequest: ({ rule }) => void this.fusedRequests.push(rule),
  });

  async query(text: string): Promise<QueryOutcome> {
    this.asked.push(text);
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    return this.answer(text);
  }

  /** From now on answers wait for {@link release}. */
  hold(): void {
    this.held = [];
  }

  release(): void {
    const waiting = this.held ?? [];
    this.held = undefined;
    for (const resolve of waiting) resolve();
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** Lets everything run that waits for nothing. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
