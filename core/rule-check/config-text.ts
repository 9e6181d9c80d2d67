import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { UsageError } from '../errors';

/** The text of a configuration of the adapter, and what to call it. */
export interface ConfigText {
  /** On the same lines and in the same columns as in the file that it stands in, wherever that can be. */
  readonly text: string;
  /** Names the source in messages. */
  readonly where: string;
}

/** What tells a configuration of the adapter from other texts in a ConfigMap. */
const CONFIGURATION = /^\s*["']?(?:rules|externalRules|resourceRules)["']?\s*:/m;

/**
 * Finds the configuration of prometheus-adapter in a file: the file itself, or the value of a key in a ConfigMap of it,
 * which may stand among other objects.
 * @param where names the file
 * @throws UsageError if there are Kubernetes objects but none, or several, that hold a configuration
 */
export function configTextIn(text: string, where: string): ConfigText {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const objects = Array.isArray(documents) ? documents.flatMap(objectsIn) : [];
  if (objects.length === 0) return { text, where };
  const found = objects.flatMap((object) => configurationsIn(object, text, where, lines));
  const [first, ...others] = found;
  if (!first) {
    throw new UsageError(
      `${where}: none of its objects is a ConfigMap with a configuration of the adapter: a key whose text has rules, externalRules or resourceRules`,
    );
  }
  if (others.length === 0) return first.config;
  throw new UsageError(
    `${where}: it holds several configurations (${found.map(({ name }) => name).join(', ')}): give a file with one of them`,
  );
}

/** The Kubernetes objects of a document, those of a list on their own. */
function objectsIn(document: Document.Parsed): YAMLMap[] {
  const { contents } = document;
  if (!isMap(contents) || !isText(contents.get('kind')) || !isText(contents.get('apiVersion'))) return [];
  const items = contents.get('items', true);
  return isSeq(items) ? items.items.filter((item) => isMap(item)) : [contents];
}

function configurationsIn(object: YAMLMap, text: string, where: string, lines: LineCounter) {
  const data = object.get('data', true);
  if (object.get('kind') !== 'ConfigMap' || !isMap(data)) return [];
  return data.items.flatMap(({ key, value }) => {
    if (!isScalar(value) || !isText(value.value) || !CONFIGURATION.test(value.value)) return [];
    const name = `${textOr(object.getIn(['metadata', 'name']), 'ConfigMap')} ${textOr(isScalar(key) ? key.value : key, '')}`;
    return [{ name, config: inPlace(value, text, where, name, lines) }];
  });
}

/** A literal block is read where it stands; any other notation only by itself. */
function inPlace(value: Scalar, text: string, where: string, name: string, lines: LineCounter): ConfigText {
  const [start = 0, end = text.length] = value.range ?? [];
  const { line, col } = lines.linePos(start);
  if (value.type !== 'BLOCK_LITERAL') {
    return { text: String(value.value), where: `${where}:${line}:${col} (${name})` };
  }
  const body = text.indexOf('\n', start) + 1;
  return { text: '\n'.repeat(line) + text.slice(body, end), where };
}

function textOr(value: unknown, otherwise: string): string {
  return isText(value) ? value : otherwise;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
