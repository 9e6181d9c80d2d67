import { z } from 'zod';
import { messageOf, NotSupportedError } from '../../../core/errors';
import { expand, GoRegexp } from '../../../core/kube/go-regexp';
import { expansion, pattern, subject } from './expressions';
import { fromGoString, toGoString } from '../../../core/kube/go-string';
import { groupResourceValue } from '../../../core/rules/group-resource-value';
import { queryArgumentsValue } from '../../../core/rules/query-arguments';
import { execute } from '../../../core/rules/template/execution';
import { type Definitions, parseTemplate } from '../../../core/rules/template/parser';
import { TemplateError } from '../../../core/rules/template/template-error';
import { type GoStruct } from '../../../core/rules/template/value';
import { compare, report, seed } from './campaign';
import { fromBase64, toBase64, UpstreamProgram } from './program';
import { queryArguments, templateText } from './templates';
import fc from 'fast-check';
import { oneOf } from './arbitraries';
import { sprint, sprintf, sprintln } from '../../../core/rules/template/printf';
import { type Printed, printfInput } from './formats';

/** How a template ended, with Go's words. */
type Side = Ending | 'not supported';
type Ending = { parseError: string } | { executeError: string } | { output: string };

const templateAnswer = z.object({
  ParseError: z.string().nullable(),
  ExecuteError: z.string().nullable(),
  Output: z.string().nullable(),
});

function ending(name: string, text: string, data: GoStruct): Side {
  const source = { name, text: toGoString(text) };
  let definitions: Definitions;
  try {
    definitions = parseTemplate(name, source.text);
  } catch (error) {
    if (error instanceof NotSupportedError) return 'not supported';
    if (!(error instanceof TemplateError)) throw error;
    return { parseError: error.message };
  }
  try {
    return { output: execute(source, definitions, data) };
  } catch (error) {
    if (error instanceof NotSupportedError) return 'not supported';
    if (!(error instanceof TemplateError)) throw error;
    return { executeError: error.message };
  }
}

function upstreamEnding({ ParseError, ExecuteError, Output }: z.infer<typeof templateAnswer>): Side {
  if (ParseError) return { parseError: fromBase64(ParseError) };
  if (ExecuteError) return { executeError: fromBase64(ExecuteError) };
  return { output: fromBase64(Output) };
}

function outcome(side: Side): string {
  if (side === 'not supported') return 'not supported';
  return 'parseError' in side ? 'refused' : 'executeError' in side ? 'failed' : 'rendered';
}

/** Said out loud, not approximated: imaginary numbers, addresses, and recursion up to Go's 100,000 levels. */
function excused(mine: Side, theirs: Side, { text }: { readonly text: string }): boolean {
  if (mine !== 'not supported') return false;
  const endless =
    typeof theirs === 'object' && 'executeError' in theirs && theirs.executeError.includes('maximum');
  return endless || /[\d.]i/.test(text) || /%[^a-z]*p/.test(text);
}

/** What an expression makes of a text; `texts` are those of the groups. */
type Matched =
  | { readonly error: string }
  | { readonly groups: number }
  | {
      readonly groups: number;
      readonly texts: readonly (string | undefined)[];
      readonly expanded: string | undefined;
    };

function matchedByUs(source: string, text: string, template: string): Matched {
  let compiled: GoRegexp;
  try {
    compiled = GoRegexp.compile(source, 'x');
  } catch (error) {
    return { error: messageOf(error).replace('x: ', '') };
  }
  const groups = compiled.groupCount;
  const match = compiled.find(text);
  return match ? { groups, texts: match.numbered, expanded: expand(template, match) } : { groups };
}

/** Of two limits that an expression exceeds, the port of RE2 names the other one. */
function tooLarge(mine: Matched, theirs: Matched): boolean {
  return 'error' in mine && 'error' in theirs && mine.error.includes('expression too large');
}

/** The result of `%p`, which is another one each time. */
const ADDRESS = 'address';

function printedByUs(text: string, values: readonly Printed[]): string {
  const all = values.map(({ value }) => value);
  try {
    return [sprintf(text, all), sprint(all), sprintln(all)].join('\u0001');
  } catch (error) {
    if (error instanceof NotSupportedError) return ADDRESS;
    throw error;
  }
}

describe(`the language of rules, seed ${seed}`, () => {
  let upstream: UpstreamProgram;

  beforeAll(() => {
    upstream = UpstreamProgram.start();
  });
  afterAll(() => upstream.stop());

  it('query templates', async () => {
    const input = fc.record({ text: templateText, query: queryArguments });
    const tally = await compare(
      input,
      ({ text, query }) =>
        ending(
          'metrics-query',
          text,
          queryArgumentsValue({
            ...query,
            labelValuesByName: new Map(Object.entries(query.labelValuesByName)),
          }),
        ),
      async ({ text, query }) => {
        const { series, labelMatchers, labelValuesByName, groupBy } = query;
        const Query = {
          ...{ Series: series, LabelMatchers: labelMatchers, Values: labelValuesByName },
          ...{ GroupBy: groupBy.join(','), GroupBySlice: groupBy },
        };
        const request = { Text: toBase64(toGoString(text)), Query };
        return upstreamEnding(await upstream.ask('template', request, templateAnswer));
      },
      outcome,
      excused,
    );
    report('query templates', tally);
  });

  it('label templates', async () => {
    const input = fc.record({
      text: templateText,
      group: oneOf(['', 'apps', 'a.b']),
      resource: oneOf(['pod', '']),
    });
    const tally = await compare(
      input,
      ({ text, group, resource }) => ending('resource-label', text, groupResourceValue(group, resource)),
      async ({ text, group, resource }) => {
        const request = { Text: toBase64(toGoString(text)), Group: group, Resource: resource };
        return upstreamEnding(await upstream.ask('template', request, templateAnswer));
      },
      outcome,
      excused,
    );
    report('label templates', tally);
  });

  it('printf', async () => {
    const shape = z.object({
      Printf: z.string().nullable(),
      Print: z.string().nullable(),
      Println: z.string(),
    });
    const tally = await compare(
      printfInput,
      ({ format: text, values }) => printedByUs(text, values),
      async ({ format: text, values }) => {
        const request = { Format: toBase64(text), Values: values.map(({ request: value }) => value) };
        const { Printf, Print, Println } = await upstream.ask('printf', request, shape);
        return [fromBase64(Printf), fromBase64(Print), fromBase64(Println)].join('\u0001');
      },
      (text) => (text === ADDRESS ? 'address' : text.includes('%!') ? 'with an error form' : 'plain'),
      (mine) => mine === ADDRESS,
    );
    report('printf', tally);
  });

  it('regular expressions and names', async () => {
    const shape = z.object({
      Error: z.string(),
      Groups: z.number(),
      Match: z.array(z.number()).nullable(),
      Expanded: z.string().nullable(),
    });
    const tally = await compare(
      fc.record({ source: pattern, text: subject, template: expansion }),
      ({ source, text, template }) => matchedByUs(source, text, template),
      async ({ source, text, template }): Promise<Matched> => {
        const [Pattern, Text, Template] = [source, text, template].map((input) =>
          toBase64(toGoString(input)),
        );
        const answer = await upstream.ask('regexp', { Pattern, Text, Template }, shape);
        if (answer.Error !== '') return { error: answer.Error };
        if (!answer.Match) return { groups: answer.Groups };
        const { Match: places } = answer;
        const bytes = toGoString(text);
        const texts = Array.from({ length: answer.Groups + 1 }, (_, group) =>
          fromGoString(
            bytes.slice(Math.max(0, places[2 * group] ?? 0), Math.max(0, places[2 * group + 1] ?? 0)),
          ),
        );
        return { groups: answer.Groups, texts, expanded: fromGoString(fromBase64(answer.Expanded)) };
      },
      (side) => ('error' in side ? 'refused' : 'texts' in side ? 'matching' : 'not matching'),
      tooLarge,
    );
    report('regular expressions and names', tally);
  });
});
