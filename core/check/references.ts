import { podMakers, PodReferences, prometheusWorkload, type MissingReference } from '../chain';
import { didYouMean } from '../did-you-mean';
import type { Inventory } from '../kube/inventory';
import { refOf } from '../kube/object';
import type { Check } from './check';
import type { Problem } from './finding';

export const missingReference: Check = {
  id: 'missing-reference',
  title: 'ConfigMaps, service accounts and priority classes that pods refer to exist',
  severity: 'error',
  *run({ written }) {
    yield* missing(written, ({ kind }) => kind !== 'Secret');
  },
};

/** Secrets are seldom kept with other objects: that one is not among them does not mean that it does not exist. */
export const missingSecret: Check = {
  id: 'missing-secret',
  title: 'Secrets that pods refer to are among the objects',
  severity: 'warning',
  *run({ written }) {
    yield* missing(written, ({ kind }) => kind === 'Secret');
  },
};

function* missing(written: Inventory, concerns: (reference: MissingReference) => boolean): Iterable<Problem> {
  const references = new PodReferences(written);
  const owners = [
    ...podMakers(written).map((workload) => ({ object: workload, workload })),
    ...written.prometheuses.map((object) => ({ object, workload: prometheusWorkload(object) })),
  ];
  for (const { object, workload } of owners) {
    for (const reference of references.missingOf(workload).filter(concerns)) {
      yield { object: refOf(object), ...problemOf(reference) };
    }
  }
}

function problemOf(reference: MissingReference): Omit<Problem, 'object'> {
  const { kind, namespace, name, key = '', missing: what, present } = reference;
  const target = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return what === 'key'
    ? {
        message: `${placeText(reference)}: ${target} has no key "${key}"${didYouMean(key, present)}`,
        fix: `add key "${key}" to ${target}`,
      }
    : {
        message: `${placeText(reference)}: ${target} does not exist${didYouMean(name, present)}`,
        fix: `add an object ${target}`,
      };
}

function placeText({ place }: MissingReference): string {
  switch (place.field) {
    case 'serviceAccountName':
    case 'priorityClassName':
      return place.field;
    case 'volume':
      return `volume "${place.volume}"`;
    case 'container':
      return `container "${place.container}"`;
  }
}
