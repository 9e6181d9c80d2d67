import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { messageOf, UsageError } from '../core/errors';
import { parseObject } from '../core/kube/object';
import type { SourcedObject } from '../core/model';

const MANIFEST = /\.(ya?ml|json)$/;

/**
 * Reads every Kubernetes object below a folder, or in one file: YAML and JSON, several documents to a file, lists taken
 * apart. Files in the order of their names, so that the result does not depend on the file system.
 *
 * @throws UsageError with file and line of what cannot be read, or if there is nothing to read
 */
export function readManifests(path: string): SourcedObject[] {
  const files = manifestFilesIn(path);
  if (files.length === 0) throw new UsageError(`${path}: there are no .yaml, .yml or .json files in it`);
  const objects = files.flatMap((file) => objectsIn(file, readText(file)));
  if (objects.length === 0) throw new UsageError(`${path}: there are no Kubernetes objects in it`);
  return objects;
}

/** @throws UsageError naming a file that cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function manifestFilesIn(path: string): string[] {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw new UsageError(`${path}: no such file or folder`);
    return stats.isDirectory() ? filesBelow(path) : [path];
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (isFolder(path) ? filesBelow(path) : MANIFEST.test(path) ? [path] : []));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function objectsIn(file: string, text: string): SourcedObject[] {
  const lines = new LineCounter();
  // YAML 1.1, as kubectl reads it: there `yes` and `on` are booleans.
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const problem = document.errors[0];
    if (problem) throw new UsageError(`${file}:${lines.linePos(problem.pos[0]).line}: ${problem.message}`);
    return itemsOf(document).map((node): SourcedObject => {
      const where = `${file}:${lines.linePos(node.range?.[0] ?? 0).line}`;
      return { object: parseObject(valueOf(node, document, where), where), origin: { file: where } };
    });
  });
}

/** @throws UsageError on an alias of an anchor that is not there, and on aliases that multiply without end */
function valueOf(node: Node, document: Document.Parsed, where: string): unknown {
  try {
    return node.toJS(document);
  } catch (error) {
    throw new UsageError(`${where}: ${messageOf(error)}`, { cause: error });
  }
}

/** The objects of a document: none of an empty one, the items of a list, itself otherwise. */
function itemsOf(document: Document.Parsed): Node[] {
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  const kind: unknown = document.get('kind');
  const items: unknown = document.get('items');
  const list = typeof kind === 'string' && kind.endsWith('List') && isSeq<Node>(items);
  return list ? items.items : [contents];
}
