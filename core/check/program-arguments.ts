import { servingContainers } from '../kube/endpoints';
import { refOf, refText } from '../kube/object';
import type { Check } from './check';
import type { CheckContext } from './context';

export const programMisconfigured: Check = {
  id: 'program-misconfigured',
  title: 'Load generators and other known programs accept their arguments',
  severity: 'error',
  *run(context) {
    for (const { object, container, reason, notUnderstood } of unreadablePrograms(context)) {
      if (notUnderstood) continue;
      yield {
        object,
        message: reason,
        fix: `correct what the message names in container ${container} of ${refText(object)}, or in the ConfigMap that it reads`,
      };
    }
  },
};

export const programNotUnderstood: Check = {
  id: 'program-not-understood',
  title: 'What the arguments of known programs make them do is understood',
  severity: 'info',
  *run(context) {
    for (const { object, reason, notUnderstood } of unreadablePrograms(context)) {
      if (!notUnderstood) continue;
      yield {
        object,
        message: `${reason}; what it sends and exports is not verified`,
        fix: 'write it without what the message names, or declare the program in the scenario of a rehearsal',
      };
    }
  },
};

function* unreadablePrograms({ podMakers, programs }: CheckContext) {
  for (const workload of podMakers) {
    const object = refOf(workload);
    for (const container of servingContainers(workload.spec.template.spec)) {
      const lookup = programs.look(workload, container);
      if (lookup.state !== 'unreadable') continue;
      const { reason, notUnderstood } = lookup;
      yield {
        object,
        container: container.name,
        reason: reason.replace(`${refText(object)}, `, ''),
        notUnderstood,
      };
    }
  }
}
