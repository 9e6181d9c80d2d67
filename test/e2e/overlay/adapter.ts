import { parseDocument, visit, isScalar, type Document } from 'yaml';
import { findAdapters, type AdapterDeployment } from '../../../core/chain';
import { UsageError } from '../../../core/errors';
import { flagValue } from '../../../core/kube/command-line';
import type { Inventory } from '../../../core/kube/inventory';
import { refOf, refText } from '../../../core/kube/object';
import { changeWords } from './containers';
import { isRecord, type ObjectEdit } from './object-edit';
import type { Times } from './times';
import { flagChanges, type WordChange } from './words';

/** Flags of adapters that hold Go durations of the chain, and their values where they are left out. */
const FLAGS: readonly (readonly [name: string, missing?: string])[] = [
  ['metrics-relist-interval', '10m'],
  ['metrics-max-age'],
  ['discovery-interval'],
];
/** Keys of the rules' file whose values are templates of queries. */
const QUERIES = ['seriesQuery', 'metricsQuery', 'containerQuery', 'nodeQuery'];
/** Keys whose values are Go durations. */
const DURATIONS = ['window', 'maxAge', 'freshness', 'maxSampleAge'];
/** How long this project's adapter uses an answer again where nothing else is said: half a period of the autoscaler. */
const DEFAULT_FRESHNESS = '7.5s';

/** What of the adapters among the objects is in which object. */
export class AdapterParts {
  private readonly adapters: readonly AdapterDeployment[];

  constructor(inventory: Inventory) {
    this.adapters = findAdapters(inventory);
  }

  /** Changes an object if an adapter is made of it: its flags, or the file with its rules. */
  scale(edit: ObjectEdit, times: Times): void {
    const name = refText(refOf(edit.object));
    for (const { workload, container, config, program } of this.adapters) {
      if (workload && container && refText(refOf(workload)) === name) scaleFlags(edit, container.name, times);
      if (config && refText(refOf(config.configMap)) === name)
        scaleRules(edit, config.key, program === 'plimsoll', times);
    }
  }
}

function scaleFlags(edit: ObjectEdit, containerName: string, times: Times): void {
  changeWords(edit, (words, { name }, where) => {
    if (name !== containerName) return [];
    const missing: WordChange[] = [];
    const changes = FLAGS.flatMap(([flag, value]) => {
      if (value !== undefined && flagValue(words, flag) === undefined) {
        const index = words.length + missing.length;
        missing.push({ index, to: `--${flag}=${times.go(value, where)}` });
      }
      return flagChanges(words, flag, (text) => times.go(text, where));
    });
    return [...changes, ...missing];
  });
}

function scaleRules(edit: ObjectEdit, key: string, own: boolean, times: Times): void {
  edit.change('data', (data) => {
    if (!isRecord(data)) return data;
    return { ...data, [key]: scaledFile(String(data[key]), key, own, edit, times) };
  });
}

function scaledFile(text: string, file: string, own: boolean, edit: ObjectEdit, times: Times): string {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new UsageError(`${edit.name}, ${file}: ${problem.message}`);
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string') return;
      const name = String(key.value);
      const where = `${edit.name}, ${file}, ${name}`;
      const before = value.value;
      if (QUERIES.includes(name)) value.value = times.query(before, where);
      else if (DURATIONS.includes(name)) value.value = times.go(before, where);
      if (value.value !== before) edit.record(`${file} ${name}`, before, String(value.value));
    },
  });
  if (own) fillFreshness(document, file, edit, times);
  return document.toString({ lineWidth: 0 });
}

/** The adapter does not know the period of the autoscaler, and takes it for the usual one. */
function fillFreshness(document: Document, file: string, edit: ObjectEdit, times: Times): void {
  const path = ['plimsoll', 'freshness'];
  if (document.hasIn(path)) return;
  const to = times.go(DEFAULT_FRESHNESS, edit.name);
  document.setIn(path, to);
  edit.record(`${file} ${path.join('.')}`, `${DEFAULT_FRESHNESS} (default)`, to);
}
