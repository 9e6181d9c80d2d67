import { groupResourceText, isRootScoped } from '../../rules';
import { type RuleCheck } from '../check';
import { labelOf, NAMESPACES } from '../queries';
import { fieldOf, type RuleSubject } from '../subject';

export const resourcesMissing: RuleCheck = {
  id: 'resources-missing',
  title: 'Every rule of custom metrics says which labels name which objects',
  severity: 'error',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { template, overrides } = subject.source.resources;
      if (subject.api === 'external' || template !== '' || Object.keys(overrides).length > 0) continue;
      yield {
        field: fieldOf(subject, 'resources'),
        message:
          'there is neither a template nor overrides, so no label names an object and the rule never has a metric',
        fix: 'write resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}',
      };
    }
  },
};

export const templateWithoutCoreGroup: RuleCheck = {
  id: 'template-without-core-group',
  title: 'The labels of pods, services and namespaces fit the template of a rule',
  severity: 'error',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { template } = subject.source.resources;
      if (subject.api === 'external' || !subject.compiled || !/\.Group\b/.test(template)) continue;
      if (mappedResources(subject).some(([, { group }]) => group === '')) continue;
      yield {
        field: fieldOf(subject, 'resources', 'template'),
        message:
          'a label with a group in it names no object of the core group, which is empty: no pod, service or namespace ever has a metric of this rule; groups with dots are not found either',
        fix: 'leave out <<.Group>>, or add overrides for the core group: {namespace: {resource: namespace}, pod: {resource: pod}}',
      };
    }
  },
};

export const resourceLabelsAmbiguous: RuleCheck = {
  id: 'resource-labels-ambiguous',
  title: 'One label names the objects of a resource',
  severity: 'warning',
  *run({ subjects }) {
    for (const subject of subjects) {
      const seen = new Map<string, string>();
      for (const [label, resource] of mappedResources(subject)) {
        const text = groupResourceText(resource);
        const before = seen.get(text);
        seen.set(text, label);
        if (before === undefined) continue;
        yield {
          field: fieldOf(subject, 'resources', 'overrides', label),
          message: `${before} and ${label} both name ${text}: which of them a query uses is chosen at random at every start of the adapter`,
          fix: `keep one of them, and make a rule of its own for series with the other`,
        };
      }
    }
  },
};

export const namespaceLabelMissing: RuleCheck = {
  id: 'namespace-label-missing',
  title: 'Rules about objects in namespaces say which label names the namespace',
  severity: 'error',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { api, compiled } = subject;
      if (api === 'external' || !compiled || labelOf(compiled, NAMESPACES) !== undefined) continue;
      const namespaced = mappedResources(subject).find(([, resource]) => !isRootScoped(resource));
      if (!namespaced) continue;
      yield {
        field: fieldOf(subject, 'resources'),
        message: `no label names the namespace, so no query about ${groupResourceText(namespaced[1])} can be built: every request is answered "not found"`,
        fix: 'add an override: namespace: {resource: namespace}',
      };
    }
  },
};

export const externalNamespaceUnmapped: RuleCheck = {
  id: 'external-namespace-unmapped',
  title: 'Rules of external metrics know the label of the namespace, or do without',
  severity: 'error',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { api, compiled, source } = subject;
      if (api === 'custom' || !compiled || !source.resources.namespaced) continue;
      if (labelOf(compiled, NAMESPACES) !== undefined) continue;
      yield {
        field: fieldOf(subject, 'resources'),
        message:
          'external metrics are asked for in a namespace, and no label names it: no query can be built, every request fails with 500',
        fix: 'write resources: {overrides: {namespace: {resource: namespace}}}, or resources: {namespaced: false} if the series are of no namespace',
      };
    }
  },
};

/** The labels of a rule's overrides with what they name. */
function mappedResources({ compiled, source }: RuleSubject) {
  return Object.keys(source.resources.overrides).flatMap((label) => {
    const resource = compiled?.resourceFor(label);
    return resource ? [[label, resource] as const] : [];
  });
}
