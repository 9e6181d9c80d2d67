import { namespaceOf, type Inventory } from '../kube/inventory';
import type { ConfigMap } from '../kube/kinds/core';
import type { Container, Volume, Workload } from '../kube/kinds/pod';
import { secretsMadeByKeda } from './keda';
import { Priorities } from './priorities';

/** The account that every namespace has, and the ConfigMap. */
const DEFAULT_SERVICE_ACCOUNT = 'default';
const ROOT_CA_CONFIG_MAP = 'kube-root-ca.crt';

/** Where a pod refers to another object. */
type ReferencePlace =
  | { readonly field: 'serviceAccountName' | 'priorityClassName' }
  | { readonly field: 'volume'; readonly volume: string }
  | { readonly field: 'container'; readonly container: string };

/** What a pod refers to, and cannot start without. */
export interface PodReference {
  readonly kind: 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PriorityClass';
  readonly name: string;
  readonly key?: string | undefined;
  readonly place: ReferencePlace;
}

/** A reference of a pod that leads nowhere, so that the pod is not made or does not start. */
export interface MissingReference extends PodReference {
  /** Where the object should be; absent for a kind without namespaces. */
  readonly namespace?: string | undefined;
  /** Whether the object is there and only lacks the key. */
  readonly missing: 'object' | 'key';
  /** The names, or keys, that there are instead. */
  readonly present: readonly string[];
}

/** What the pods of workloads refer to, held against a set of objects. Optional references may lead nowhere. */
export class PodReferences {
  private readonly known: ReadonlyMap<string, ReadonlyMap<string, Keys>>;
  private readonly priorities: Priorities;

  constructor(inventory: Inventory) {
    this.known = knownObjects(inventory);
    this.priorities = new Priorities(inventory);
  }

  missingOf(workload: Workload): readonly MissingReference[] {
    return [...this.missingIn(namespaceOf(workload), workload), ...this.missingClass(workload)];
  }

  private missingClass(workload: Workload): MissingReference[] {
    const { spec } = workload.spec.template;
    if (!spec.priorityClassName || this.priorities.of(spec)) return [];
    return [
      {
        kind: 'PriorityClass',
        name: spec.priorityClassName,
        place: { field: 'priorityClassName' },
        missing: 'object',
        present: this.priorities.names,
      },
    ];
  }

  private missingIn(namespace: string, workload: Workload): readonly MissingReference[] {
    return referencesOf(workload).flatMap((reference): MissingReference[] => {
      const { kind, name, key } = reference;
      if (isBuiltIn(kind, name)) return [];
      const names = this.known.get(`${kind} ${namespace}`);
      const keys = names?.get(name);
      if (!keys) return [{ ...reference, namespace, missing: 'object', present: [...(names?.keys() ?? [])] }];
      if (key === undefined || keys === 'unread' || keys.includes(key)) return [];
      return [{ ...reference, namespace, missing: 'key', present: keys }];
    });
  }
}

/** The keys of a ConfigMap; those of other objects are not read. */
type Keys = readonly string[] | 'unread';

/** Keys by name, by kind and namespace. */
function knownObjects(inventory: Inventory): ReadonlyMap<string, ReadonlyMap<string, Keys>> {
  const known = new Map<string, Map<string, Keys>>();
  for (const object of [...inventory.configMaps, ...inventory.secrets, ...inventory.serviceAccounts]) {
    const place = `${object.kind} ${namespaceOf(object)}`;
    const names = known.get(place) ?? new Map<string, Keys>();
    known.set(place, names.set(object.metadata.name, keysOf(object)));
  }
  for (const { namespace, name } of secretsMadeByKeda(inventory)) {
    const place = `Secret ${namespace}`;
    known.set(place, (known.get(place) ?? new Map<string, Keys>()).set(name, 'unread'));
  }
  return known;
}

function keysOf(object: ConfigMap): Keys {
  if (object.kind !== 'ConfigMap' || object['binaryData'] !== undefined) return 'unread';
  return Object.keys(object.data ?? {});
}

function isBuiltIn(kind: PodReference['kind'], name: string): boolean {
  if (kind === 'ServiceAccount') return name === DEFAULT_SERVICE_ACCOUNT;
  return kind === 'ConfigMap' && name === ROOT_CA_CONFIG_MAP;
}

/** What the pods of a workload refer to; what is optional is left out. */
export function referencesOf(workload: Workload): readonly PodReference[] {
  const { spec } = workload.spec.template;
  return [
    ...required('ServiceAccount', { name: spec.serviceAccountName }, { field: 'serviceAccountName' }),
    ...(spec.volumes ?? []).flatMap(volumeReferences),
    ...[...(spec.initContainers ?? []), ...spec.containers].flatMap(environmentReferences),
  ];
}

function volumeReferences({ name: volume, configMap, secret, projected }: Volume): PodReference[] {
  const place = { field: 'volume', volume } as const;
  const projections = projected?.sources ?? [];
  const configMaps = [configMap, ...projections.map((source) => source.configMap)];
  const secrets = [
    secret && { name: secret.secretName, optional: secret.optional },
    ...projections.map((source) => source.secret),
  ];
  return [
    ...configMaps.flatMap((source) => [
      ...required('ConfigMap', source, place),
      ...(source?.items ?? []).flatMap(({ key }) => required('ConfigMap', { ...source, key }, place)),
    ]),
    ...secrets.flatMap((source) => required('Secret', source, place)),
  ];
}

function environmentReferences({ name: container, env = [], envFrom = [] }: Container): PodReference[] {
  const place = { field: 'container', container } as const;
  return [
    ...env.flatMap(({ valueFrom }) => [
      ...required('ConfigMap', valueFrom?.configMapKeyRef, place),
      ...required('Secret', valueFrom?.secretKeyRef, place),
    ]),
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...required('ConfigMap', configMapRef, place),
      ...required('Secret', secretRef, place),
    ]),
  ];
}

function required(
  kind: PodReference['kind'],
  source:
    | {
        readonly name?: string | undefined;
        readonly key?: string | undefined;
        readonly optional?: boolean | undefined;
      }
    | undefined,
  place: ReferencePlace,
): PodReference[] {
  if (source?.name === undefined || source.optional) return [];
  return [{ kind, name: source.name, key: source.key, place }];
}
