import { type Position } from './language/ast';
import { lineColumn } from './language/line-column';

/** What Prometheus has to say about a result besides the result (`util/annotations`). */
export interface Annotation {
  readonly severity: 'warning' | 'info';
  /** As the API words it, with line and column of the part of the query that it is about. */
  readonly message: string;
}

/** An annotation while the query runs: the same text is told once, however often it comes up. */
export interface Remark {
  readonly severity: Annotation['severity'];
  /** Without the words `PromQL warning: ` before, and without anything that differs between occurrences. */
  readonly text: string;
  /** Where it was found: last, or with details first. */
  readonly position: Position | undefined;
  /** What is added up over its occurrences. */
  readonly details?: MergeableDetails | undefined;
}

/** Details of one or several occurrences of a remark. */
export interface MergeableDetails {
  merge(newer: MergeableDetails): MergeableDetails;
  toString(): string;
}

const NONE: readonly Annotation[] = [];

/** The annotations of one evaluation. */
export class Annotations {
  /** Made with the first remark: most queries have none. */
  #byText: Map<string, Remark> | undefined;

  add(remark: Remark): void {
    this.#byText ??= new Map();
    const key = `${remark.severity} ${remark.text}`;
    const known = this.#byText.get(key);
    const { details } = remark;
    const merged = known?.details && details && { ...known, details: known.details.merge(details) };
    this.#byText.set(key, merged ?? remark);
  }

  /** What was added, merged. */
  remarks(): readonly Remark[] {
    return this.#byText ? [...this.#byText.values()] : [];
  }

  /** @param query the text that positions refer to */
  list(query: string): readonly Annotation[] {
    if (!this.#byText) return NONE;
    return Array.from(this.#byText.values(), ({ severity, text, position, details }) => {
      const where = position ? ` (${lineColumn(query, position.start)})` : '';
      return { severity, message: `PromQL ${severity}: ${text}${details?.toString() ?? ''}${where}` };
    });
  }
}
