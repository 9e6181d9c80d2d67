import { namespaceOf, type Inventory } from '../kube/inventory';
import { podMakers } from '../chain';
import type { ConfigMap } from '../kube/kinds/core';
import type { Container, Volume, Workload } from '../kube/kinds/pod';
import { refOf } from '../kube/object';
import type { Check } from './check';
import { didYouMean } from '../did-you-mean';

/** The account that every namespace has, and the ConfigMap. */
const DEFAULT_SERVICE_ACCOUNT = 'default';
const ROOT_CA_CONFIG_MAP = 'kube-root-ca.crt';

interface Reference {
  readonly kind: 'ConfigMap' | 'Secret' | 'ServiceAccount';
  readonly name?: string | undefined;
  readonly key?: string | undefined;
  readonly optional?: boolean | undefined;
  /** Where the pod says so. */
  readonly from: string;
}

export const missingReference: Check = {
  id: 'missing-reference',
  title: 'ConfigMaps, Secrets and service accounts that pods refer to exist',
  severity: 'error',
  *run({ written }) {
    const known = knownObjects(written);
    for (const workload of podMakers(written)) {
      const namespace = namespaceOf(workload);
      for (const { kind, name, key, optional, from } of referencesOf(workload)) {
        if (name === undefined || optional || isBuiltIn(kind, name)) continue;
        const names = known.get(`${kind} ${namespace}`);
        const keys = names?.get(name);
        if (keys && (key === undefined || keys === 'unread' || keys.includes(key))) continue;
        yield {
          object: refOf(workload),
          message: keys
            ? `${from}: ${kind} ${namespace}/${name} has no key "${key}"${didYouMean(key ?? '', keys)}`
            : `${from}: ${kind} ${namespace}/${name} does not exist${didYouMean(name, names?.keys() ?? [])}`,
          fix: keys
            ? `add key "${key}" to ${kind} ${namespace}/${name}`
            : `add an object ${kind} ${namespace}/${name}`,
        };
      }
    }
  },
};

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
  return known;
}

function keysOf(object: ConfigMap): Keys {
  if (object.kind !== 'ConfigMap' || object['binaryData'] !== undefined) return 'unread';
  return Object.keys(object.data ?? {});
}

function isBuiltIn(kind: Reference['kind'], name: string): boolean {
  if (kind === 'ServiceAccount') return name === DEFAULT_SERVICE_ACCOUNT;
  return kind === 'ConfigMap' && name === ROOT_CA_CONFIG_MAP;
}

function referencesOf(workload: Workload): Reference[] {
  const { spec } = workload.spec.template;
  return [
    { kind: 'ServiceAccount', name: spec.serviceAccountName, from: 'serviceAccountName' },
    ...(spec.volumes ?? []).flatMap(volumeReferences),
    ...[...(spec.initContainers ?? []), ...spec.containers].flatMap(environmentReferences),
  ];
}

function volumeReferences({ name: volume, configMap, secret, projected }: Volume): Reference[] {
  const from = `volume "${volume}"`;
  const projections = projected?.sources ?? [];
  const configMaps = [configMap, ...projections.map((source) => source.configMap)];
  const secrets = [
    secret && { name: secret.secretName, optional: secret.optional },
    ...projections.map((source) => source.secret),
  ];
  return [
    ...configMaps
      .filter((source) => source !== undefined)
      .flatMap(({ name, optional, items }) => [
        { kind: 'ConfigMap' as const, name, optional, from },
        ...(items ?? []).map(({ key }) => ({ kind: 'ConfigMap' as const, name, optional, key, from })),
      ]),
    ...secrets
      .filter((source) => source !== undefined)
      .map(({ name, optional }) => ({ kind: 'Secret' as const, name, optional, from })),
  ];
}

function environmentReferences({ name, env = [], envFrom = [] }: Container): Reference[] {
  const from = `container "${name}"`;
  return [
    ...env.flatMap(({ valueFrom }): Reference[] => [
      ...(valueFrom?.configMapKeyRef
        ? [{ kind: 'ConfigMap' as const, ...valueFrom.configMapKeyRef, from }]
        : []),
      ...(valueFrom?.secretKeyRef ? [{ kind: 'Secret' as const, ...valueFrom.secretKeyRef, from }] : []),
    ]),
    ...envFrom.flatMap(({ configMapRef, secretRef }): Reference[] => [
      ...(configMapRef ? [{ kind: 'ConfigMap' as const, ...configMapRef, from }] : []),
      ...(secretRef ? [{ kind: 'Secret' as const, ...secretRef, from }] : []),
    ]),
  ];
}
