import { UsageError } from '../../errors';
import { ownValue } from '../../own-value';
import { type Expression, type TemplateNode } from './ast';
import { parseTemplate } from './parser';

/** What a template can see: Go's `string`, `[]string` and `map[string]string`. */
export type TemplateValue = string | readonly string[] | ReadonlyMap<string, string>;

/** The fields of the value that a template is executed on. */
export type TemplateData = Readonly<Record<string, TemplateValue>>;

/** A template of Go's text/template with the delimiters `<<` and `>>`. */
export class GoTemplate {
  private constructor(
    private readonly nodes: readonly TemplateNode[],
    private readonly what: string,
  ) {}

  /**
   * @param what names the template in errors, e.g. `rules[0].metricsQuery`
   * @throws NotSupportedError naming a construct of the language that is not understood
   * @throws UsageError if Go would not accept it
   */
  static parse(source: string, what: string): GoTemplate {
    return new GoTemplate(parseTemplate(source, what), what);
  }

  /**
   * The text that the template makes of the data; values are printed as `fmt.Print` prints them.
   * @throws UsageError if it uses a field that there is not, or indexes what has no such index
   */
  render(data: TemplateData): string {
    return this.nodes
      .map((node) => (node.kind === 'text' ? node.text : printed(this.evaluate(node.expression, data))))
      .join('');
  }

  /** `undefined` stands for Go's missing value. */
  private evaluate(expression: Expression, data: TemplateData): TemplateValue | undefined {
    switch (expression.kind) {
      case 'string':
        return expression.value;
      case 'field':
        return this.field(expression.path, data);
      case 'index':
        return expression.keys.reduce<TemplateValue>(
          (target, key) => this.index(target, this.argument(key, data)),
          this.argument(expression.target, data),
        );
    }
  }

  private field([first = '', ...rest]: readonly string[], data: TemplateData): TemplateValue | undefined {
    const known = ownValue(data, first);
    if (known === undefined) {
      const names = Object.keys(data).map((name) => `.${name}`);
      throw this.failure(`can't evaluate field ${first}; the fields are ${names.join(', ')}`);
    }
    return rest.reduce<TemplateValue | undefined>((value, name) => {
      if (value === undefined) return undefined;
      if (!isMap(value)) throw this.failure(`can't evaluate field ${name} in type ${goType(value)}`);
      return value.get(name);
    }, known);
  }

  private index(target: TemplateValue, key: TemplateValue): TemplateValue {
    if (!isMap(target)) throw this.failure(`cannot index ${goType(target)} with type ${goType(key)}`);
    if (typeof key !== 'string') throw this.failure(`value has type ${goType(key)}; should be string`);
    return target.get(key) ?? '';
  }

  private argument(expression: Expression, data: TemplateData): TemplateValue {
    const value = this.evaluate(expression, data);
    if (value === undefined) throw this.failure('index of untyped nil');
    return value;
  }

  private failure(message: string): UsageError {
    return new UsageError(`${this.what}: ${message}`);
  }
}

function isMap(value: TemplateValue): value is ReadonlyMap<string, string> {
  return value instanceof Map;
}

function goType(value: TemplateValue): string {
  if (typeof value === 'string') return 'string';
  return isMap(value) ? 'map[string]string' : '[]string';
}

function printed(value: TemplateValue | undefined): string {
  if (value === undefined) return '<no value>';
  if (typeof value === 'string') return value;
  if (!isMap(value)) return `[${value.join(' ')}]`;
  const entries = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, text]) => `${key}:${text}`).join(' ')}]`;
}
