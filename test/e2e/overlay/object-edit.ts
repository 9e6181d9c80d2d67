import { parseObject, refOf, refText, type KubeObject } from '../../../core/kube/object';
import type { KeptTime, OverlayChange } from './changes';

/** The new value of a field; the old one where nothing is to change. */
export type Convert = (value: unknown, path: string) => unknown;

/** Changes fields of one object and keeps a record of them. The object that was given stays as it is. */
export class ObjectEdit {
  readonly name: string;
  private readonly changed: OverlayChange[] = [];
  private readonly keptTimes: KeptTime[] = [];

  constructor(private current: KubeObject) {
    this.name = refText(refOf(current));
  }

  /** The object as it is by now. */
  get object(): KubeObject {
    return this.current;
  }

  get changes(): readonly OverlayChange[] {
    return this.changed;
  }

  get kept(): readonly KeptTime[] {
    return this.keptTimes;
  }

  /**
   * Converts what stands at a path such as `spec.endpoints.*.interval`, where `*` is every item of a list.
   * @param missing taken for the value if the last field of the path is absent and all before it are there; undefined if
   *   an absent field stays absent
   */
  change(pattern: string, convert: Convert, missing?: unknown): void {
    const next = this.convertAt(this.current, pattern.split('.'), '', convert, missing);
    this.current = parseObject(next, this.name);
  }

  /** Writes down a change within a value, such as one line of a file. */
  record(path: string, from: string, to: string): void {
    this.changed.push({ object: this.name, path, from, to });
  }

  /** Writes down a length of time that stays. */
  keep(path: string, value: string, reason: string): void {
    this.keptTimes.push({ object: this.name, path, value, reason });
  }

  private convertAt(
    value: unknown,
    [key, ...rest]: readonly string[],
    path: string,
    convert: Convert,
    missing: unknown,
  ): unknown {
    if (key === undefined) return this.converted(value, path, convert);
    if (key === '*') {
      if (!Array.isArray(value)) return value;
      return value.map((item: unknown, index) =>
        this.convertAt(item, rest, `${path}[${index}]`, convert, missing),
      );
    }
    if (!isRecord(value)) return value;
    const inner = path === '' ? key : `${path}.${key}`;
    const field = value[key];
    if (field !== undefined) return { ...value, [key]: this.convertAt(field, rest, inner, convert, missing) };
    if (rest.length > 0 || missing === undefined) return value;
    const filled = convert(missing, inner);
    this.record(inner, `${textOf(missing)} (default)`, textOf(filled));
    return { ...value, [key]: filled };
  }

  private converted(value: unknown, path: string, convert: Convert): unknown {
    const records = this.changed.length;
    const next = convert(value, path);
    // Lists and files record their own lines.
    const recorded = this.changed.length > records;
    if (!recorded && textOf(next) !== textOf(value)) this.record(path, textOf(value), textOf(next));
    return next;
  }
}

/** Whether a value is a mapping. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
