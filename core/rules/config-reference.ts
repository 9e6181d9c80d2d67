import { configFile } from './file-shape';
import { type Form } from './yaml';

type Fields = Readonly<Record<string, Form>>;

/** The fields of one mapping, and where such a mapping stands. */
interface Section {
  readonly paths: string[];
  readonly fields: Fields;
}

/** All fields of the configuration file as Markdown: a table for each mapping, the outermost first. */
export function configReference(): string {
  const sections = new Map<Fields, Section>();
  collect(configFile.form, '', sections);
  return [...sections.values()].map(sectionText).join('\n');
}

/** A mapping that stands in several places is told once. */
function collect(form: Form, path: string, sections: Map<Fields, Section>): void {
  switch (form.kind) {
    case 'list':
    case 'oneOrMany':
      return collect(form.item, `${path}[]`, sections);
    case 'record':
      return collect(form.item, `${path}.NAME`, sections);
    case 'struct': {
      const { fields } = form;
      const known = sections.get(fields);
      if (known) return void known.paths.push(path);
      sections.set(fields, { paths: [path], fields });
      for (const [name, field] of Object.entries(fields)) {
        collect(field, path === '' ? name : `${path}.${name}`, sections);
      }
      return;
    }
    default:
  }
}

function sectionText({ paths, fields }: Section): string {
  const [first = ''] = paths;
  const title = first === '' ? 'The file' : paths.map(code).join(', ');
  const rows = Object.entries(fields).map(([name, field]) => [
    code(name),
    valueText(field),
    field.otherwise ?? '',
    field.description ?? '',
  ]);
  const table = [['Field', 'Value', 'Without it', 'Meaning'], ['---', '---', '---', '---'], ...rows];
  return `### ${title}\n\n${table.map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n')}\n`;
}

function valueText(form: Form): string {
  switch (form.kind) {
    case 'text':
      return 'text';
    case 'duration':
      return 'duration such as `90s` or `1h30m`';
    case 'boolean':
      return '`true` or `false`';
    case 'whole':
      return `${form.minimum} to ${form.maximum}`;
    case 'choice':
      return form.words.map(code).join(', ');
    case 'list':
      return `list: ${valueText(form.item)}`;
    case 'oneOrMany':
      return `${valueText(form.item)}, or a list`;
    case 'record':
      return `mapping of names: ${valueText(form.item)}`;
    case 'struct':
      return 'mapping';
  }
}

function code(text: string): string {
  return `\`${text}\``;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`);
}
