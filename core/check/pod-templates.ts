import { podLabels } from '../kube/endpoints';
import { refOf } from '../kube/object';
import { Selector } from '../kube/selector';
import type { Check } from './check';

export const selectorWithoutOwnPods: Check = {
  id: 'selector-without-own-pods',
  title: 'A workload selects the pods that it makes',
  severity: 'error',
  *run({ written }) {
    for (const workload of written.workloads) {
      const { selector } = workload.spec;
      const isEmpty =
        Object.keys({ ...selector.matchLabels }).length + (selector.matchExpressions?.length ?? 0) === 0;
      if (!isEmpty && Selector.from(selector).matches(podLabels(workload))) continue;
      yield {
        object: refOf(workload),
        message: isEmpty
          ? 'spec.selector is empty, which the API server refuses'
          : 'spec.selector does not match the labels of its own pod template, which the API server refuses',
        fix: 'set spec.selector.matchLabels to labels of spec.template.metadata.labels',
      };
    }
  },
};
