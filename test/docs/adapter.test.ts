import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Telemetry } from '../../apps/adapter/telemetry';
import { adapterAlerts } from '../../constructs/adapter-alerts';
import { adapterHelp } from '../../core/adapter';
import { configReference, configSchema } from '../../core/rules';

const DOCS = join(__dirname, '../../docs');
const page = readFileSync(join(DOCS, 'adapter.md'), 'utf8');
function section(name: string): string {
  return new RegExp(`<!-- generated: ${name} -->\n(.*?)<!-- end -->`, 's').exec(page)?.[1] ?? '';
}

/** Cells of the rows of tables, without what fills the columns. */
function unpadded(markdown: string): string {
  return markdown
    .replace(/ +\|/g, ' |')
    .replace(/-{3,}/g, '---')
    .replace(/\n{2,}/g, '\n\n')
    .trim();
}

/** Cells of the table whose head begins so. */
function rows(head: string): string[][] {
  const [, table = ''] = page.split(`\n| ${head}`);
  const lines = table.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function codesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** What a text with holes can be. */
function patternOf(text: string, hole: string): RegExp {
  const parts = text.split(hole).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

/** The text of all files of the adapter. */
function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

describe('docs/adapter.md', () => {
  it('has the configuration as `plimsoll rules schema --markdown` prints it', () => {
    expect(unpadded(section('configuration'))).toBe(unpadded(configReference()));
  });

  it('has the flags as `--help` prints them', () => {
    expect(section('flags').trim()).toBe(`\`\`\`text\n${adapterHelp()}\`\`\``);
  });

  it('has beside it the JSON schema as `plimsoll rules schema` prints it', () => {
    const schema: unknown = JSON.parse(readFileSync(join(DOCS, 'adapter-config.schema.json'), 'utf8'));
    expect(schema).toEqual(configSchema());
  });

  it('lists every metric of its own, with its type', async () => {
    const { body } = await new Telemetry('1').text();
    const types = [...body.matchAll(/^# TYPE plimsoll_adapter_(\S+) (\S+)$/gm)].map(([, name, type]) => [
      name,
      type,
    ]);
    const listed = rows('Metric `plimsoll_adapter_…`').flatMap(([names, type]) =>
      codesIn(names).map((name) => [name, type]),
    );
    expect(listed.sort()).toEqual(types.sort());
  });

  it('explains lines of the log that there are, and all that have one text', () => {
    const code = sources(join(DOCS, '../apps/adapter'));
    const listed = rows('`msg`').flatMap(([messages]) => codesIn(messages));
    const composed = listed.filter((message) => message.includes('…'));
    const whole = listed.filter((message) => !message.includes('…'));
    expect(whole.filter((message) => !code.includes(`'${message}'`))).toEqual([]);
    const logged = [
      ...code.matchAll(/logger\.(?:info|warn|error)\(\s*'([^']+)'/g),
      ...code.matchAll(/quiet\.warn\([^,']+,\s*'([^']+)'/g),
    ].map(([, message]) => message);
    expect(logged).toEqual(expect.arrayContaining(['listening', 'a metric has no value']));
    const known = (message: string) =>
      listed.includes(message) || composed.some((listing) => patternOf(listing, '…').test(message));
    expect(logged.filter((message = '') => !known(message))).toEqual([]);
    const parts = composed.flatMap((message) => message.split('…')).filter((part) => /[a-z]{3}/.test(part));
    expect(parts.filter((part) => !code.includes(part.replace(/^[;: ]+|[;: ]+$/g, '')))).toEqual([]);
  });

  it('explains lines of the log that are put together', () => {
    const code = sources(join(DOCS, '../apps/adapter'));
    const listed = rows('`msg`').flatMap(([messages]) => codesIn(messages));
    const logged = [...code.matchAll(/(?:logger\.(?:info|warn|error)|complain)\(\s*`([^`]+)`/g)].map(
      ([, template = '']) => template,
    );
    expect(logged).toEqual(expect.arrayContaining([expect.stringContaining('token server answers again')]));
    // Two of two holes say nothing of themselves: their errors are listed where they come from.
    const told = logged.filter((template) => /[a-z]{3}/.test(template.replace(/\$\{[^}]*\}/g, '')));
    const listing = (template: string) => {
      const pattern = patternOf(template.replace(/\$\{[^}]*\}/g, '…'), '…');
      return listed.find((message) => pattern.test(message));
    };
    expect(told.filter((template) => listing(template) === undefined)).toEqual([]);
  });

  it('has a heading for every alert', () => {
    const headings = [...page.matchAll(/^#### (\w+)$/gm)].map(([, name]) => name);
    expect(headings.sort()).toEqual(
      adapterAlerts({ job: 'adapter', relistInterval: '1m' })
        .map(({ name }) => name)
        .sort(),
    );
  });
});
