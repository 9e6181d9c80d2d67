import { NotSupportedError, UsageError } from '../../errors';
import { fromGoString, type GoString, toGoString } from '../../kube/go-string';
import { execute } from './execution';
import { type Definitions, parseTemplate } from './parser';
import { TemplateError } from './template-error';
import { type GoStruct } from './value';

/** A template of Go's text/template with the delimiters `<<` and `>>`. */
export class GoTemplate {
  private constructor(
    private readonly source: { readonly name: GoString; readonly text: GoString },
    private readonly definitions: Definitions,
    private readonly what: string,
  ) {}

  /**
   * @param name of the template, as Go's own errors show it
   * @param what names the template in errors, e.g. `config.yaml:3:17: rules[0].metricsQuery`
   * @throws UsageError with Go's message if Go would not accept it
   * @throws NotSupportedError on imaginary numbers, and beyond the limits of `limits.ts`
   */
  static parse(text: string, name: string, what: string): GoTemplate {
    const source = { name, text: toGoString(text) };
    return new GoTemplate(
      source,
      explained(what, () => parseTemplate(source.name, source.text)),
      what,
    );
  }

  /**
   * The text that the template makes of a value.
   * @throws UsageError with Go's message if it cannot be executed
   * @throws NotSupportedError if the text is not UTF-8, or beyond the limits of `limits.ts`
   */
  render(data: GoStruct): string {
    const bytes = explained(this.what, () => execute(this.source, this.definitions, data));
    const text = fromGoString(bytes);
    if (text === undefined) throw new NotSupportedError(`${this.what}: a template that prints broken UTF-8`);
    return text;
  }
}

function explained<Result>(what: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new UsageError(`${what}: ${fromGoString(error.message) ?? error.message}`);
  }
}
