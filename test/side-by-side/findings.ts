import { type Answered, type Difference, isRecord, kindOf, WHOLE } from './compare';
import type { Configuration } from './configurations';
import { KNOWN_DIFFERENCES, knownDifference } from './differences';
import type { Question } from './requests';

/** A difference that is not known, and the first configuration and request that had it. */
export interface Finding {
  /** Form of the request and place in the answer. */
  readonly what: string;
  readonly upstream: string;
  readonly candidate: string;
  readonly configuration: Configuration;
  readonly path: string;
  /** How often it was seen. */
  count: number;
}

const LONGEST = 300;

/** The differences that were seen, by their kind. */
export class Findings {
  private readonly found = new Map<string, Finding>();
  private readonly counts = new Map(KNOWN_DIFFERENCES.map(({ name }) => [name, 0]));

  /** Those that are not known, with most occurrences first. */
  get unknown(): readonly Finding[] {
    return [...this.found.values()].sort((a, b) => b.count - a.count);
  }

  /** How often each known difference was seen, by its name. */
  get known(): ReadonlyMap<string, number> {
    return this.counts;
  }

  /** @param status of the candidate's answer */
  note(
    configuration: Configuration,
    { form, path, accept }: Pick<Question, 'form' | 'path' | 'accept'>,
    difference: Difference,
    status?: number,
  ): void {
    const known = knownDifference({
      ...difference,
      ...{ form, path, configuration: configuration.text },
      ...(accept === undefined ? {} : { accept }),
      ...(status === undefined ? {} : { status }),
    });
    if (known) {
      this.counts.set(known.name, (this.counts.get(known.name) ?? 0) + 1);
      return;
    }
    const what = `${form}: ${difference.where}`;
    const [upstream, candidate] = [difference.upstream, difference.candidate].map((side) =>
      difference.where === WHOLE ? summary(side) : shown(side),
    );
    // Names and numbers vary; the kind of difference is what counts.
    const key = JSON.stringify([what, shapeOf(upstream ?? ''), shapeOf(candidate ?? '')]);
    const before = this.found.get(key);
    if (before) before.count++;
    else
      this.found.set(key, {
        ...{ what, upstream: upstream ?? '', candidate: candidate ?? '', configuration, path, count: 1 },
      });
  }
}

function summary(side: unknown): string {
  if (!isAnswered(side)) return shown(side);
  const { status, type, body } = side;
  const message = isRecord(body) && body['kind'] === 'Status' ? body['message'] : body;
  return `${status} ${type} ${shown(kindOf(body))}: ${shown(message)}`;
}

function isAnswered(side: unknown): side is Answered {
  return isRecord(side) && 'status' in side && 'type' in side && 'body' in side;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, LONGEST);
}

function shapeOf(text: string): string {
  return text
    .replace(/\d+(\.\d+)?/g, '0')
    .replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => (quoted.length > 40 ? '"…"' : quoted))
    .slice(0, 120);
}
