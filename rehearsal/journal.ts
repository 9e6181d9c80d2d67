import { refText, type ObjectRef } from '../core/kube/object';
import type { Link, LinkProblem, TimelineEvent } from '../core/model';
import type { Clock } from './clock';

/** A problem that may go on. */
interface Entry extends Omit<LinkProblem, 'lastMs'> {
  lastMs: number | undefined;
}

/** What happened and what did not work, with times. */
export class Journal {
  private readonly recorded: TimelineEvent[] = [];
  private readonly entries = new Map<string, Entry>();
  /** Messages that hold at present, by what they are about. */
  private readonly open = new Map<string, ReadonlyMap<string, Entry>>();

  constructor(private readonly clock: Clock) {}

  get events(): readonly TimelineEvent[] {
    return this.recorded;
  }

  event(source: string, object: string, reason: string, message: string, type: 'Normal' | 'Warning'): void {
    this.recorded.push({ atMs: this.clock.now, source, object, type, reason, message });
  }

  /**
   * Says what is wrong with a link from now on; no messages mean that it carries.
   * @param about tells apart links that end in the same object
   */
  state(link: Link, object: ObjectRef, about: string, messages: readonly string[]): void {
    const subject = `${link} ${refText(object)} ${about}`;
    const before = this.open.get(subject);
    if (!before && messages.length === 0) return;
    const after = new Map<string, Entry>();
    for (const message of messages) {
      after.set(message, before?.get(message) ?? this.begin(link, object, message));
    }
    for (const [message, entry] of before ?? []) {
      if (!after.has(message)) entry.lastMs = this.clock.now;
    }
    if (after.size > 0) this.open.set(subject, after);
    else this.open.delete(subject);
  }

  /**
   * All problems that lasted, by the time they were first seen; one that still holds lasts until now. What was over in
   * the moment it began, as while pods start together, is none.
   */
  problems(): readonly LinkProblem[] {
    return [...this.entries.values()]
      .filter(({ firstMs, lastMs }) => lastMs !== firstMs)
      .map((entry) => ({ ...entry, lastMs: entry.lastMs ?? this.clock.now }));
  }

  private begin(link: Link, object: ObjectRef, message: string): Entry {
    const key = `${link} ${refText(object)} ${message}`;
    let entry = this.entries.get(key);
    if (entry) {
      entry.lastMs = undefined;
    } else {
      entry = { link, object, message, firstMs: this.clock.now, lastMs: undefined };
      this.entries.set(key, entry);
    }
    return entry;
  }
}
