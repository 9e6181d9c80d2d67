import { isScalar, parseDocument, visit } from 'yaml';
import { findAdapters, type AdapterDeployment } from '../../../core/chain';
import { Inventory } from '../../../core/kube/inventory';
import { refOf, refText } from '../../../core/kube/object';
import { type Adaptation, editing } from './machine';
import { isRecord, type ObjectEdit } from './object-edit';

/** The adapter that takes the own one's place. */
export const PEER_IMAGE = 'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0';
const OWN_SECTION = 'plimsoll';

/**
 * Puts prometheus-adapter into the place of the own adapter: the same flags, rules, account and ports. Its file may have no
 * section that it does not know, and it tells nobody who signed its certificate, so that is not checked.
 */
export const withPeer: Adaptation = (objects, cluster) => {
  const own = findAdapters(new Inventory(objects)).filter(({ program }) => program === 'plimsoll');
  const change = (edit: ObjectEdit): void => {
    if (edit.object.kind === 'APIService' && own.length > 0) {
      edit.change('spec.insecureSkipTLSVerify', () => true, false);
    }
    for (const adapter of own) replace(edit, adapter);
  };
  return editing(change, objects, cluster);
};

function replace(edit: ObjectEdit, { workload, container, config }: AdapterDeployment): void {
  const name = refText(refOf(edit.object));
  if (workload && container && refText(refOf(workload)) === name) {
    const { image } = container;
    edit.change('spec.template.spec.containers.*.image', (value) => (value === image ? PEER_IMAGE : value));
  }
  if (config && refText(refOf(config.configMap)) === name) {
    const { key } = config;
    edit.change('data', (data) =>
      isRecord(data) ? { ...data, [key]: withoutOwn(String(data[key]), key, edit) } : data,
    );
  }
}

function withoutOwn(text: string, file: string, edit: ObjectEdit): string {
  const document = parseDocument(text);
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || key.value !== OWN_SECTION) return undefined;
      edit.record(`${file} ${OWN_SECTION}`, String(value).trim().replaceAll('\n', ', '), 'left out');
      return visit.REMOVE;
    },
  });
  return document.toString({ lineWidth: 0 });
}
