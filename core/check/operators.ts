import { accountOf, OperatorScope, refusedText } from '../chain';
import { namespaceOf } from '../kube/inventory';
import type { Prometheus } from '../kube/kinds/monitoring';
import type { Workload } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import { selectMonitors } from '../operator';
import { isPrometheusOperator } from '../workloads';
import { accountText } from './access';
import type { Check } from './check';
import type { CheckContext } from './context';

interface Operator {
  readonly workload: Workload;
  readonly scope: OperatorScope;
}

export const operatorMissing: Check = {
  id: 'operator-missing',
  title: 'Where there is a Prometheus object, an operator makes a server of it',
  severity: 'error',
  *run(context) {
    if (operatorsIn(context).length > 0) return;
    for (const prometheus of context.inventory.prometheuses) {
      yield {
        object: refOf(prometheus),
        message:
          'no workload among the objects runs the Prometheus Operator, so nothing makes a Prometheus of it',
        fix: 'add the Deployment of the operator, or what the chart that installs it renders',
      };
    }
  },
};

export const operatorScope: Check = {
  id: 'operator-scope',
  title: 'The Prometheus Operator watches the namespaces of its objects',
  severity: 'error',
  *run(context) {
    const operators = operatorsIn(context);
    if (operators.length === 0) return;
    for (const prometheus of context.inventory.prometheuses) {
      const operating = operatorsOf(prometheus, operators);
      if (operating.length === 0) yield outOfScope(prometheus, operators, 'no server is made of it');
      for (const monitor of selectMonitors(prometheus, context.inventory).selected) {
        if (
          operating.length === 0 ||
          operating.some(({ scope }) => scope.readsMonitorsIn(namespaceOf(monitor)))
        )
          continue;
        yield outOfScope(monitor, operating, `${refText(refOf(prometheus))} does not get its targets`);
      }
    }
  },
};

function outOfScope(object: Parameters<typeof refOf>[0], operators: readonly Operator[], effect: string) {
  const { namespace = '' } = refOf(object);
  const names = operators.map(({ workload }) => refText(refOf(workload))).join(', ');
  return {
    object: refOf(object),
    message: `${names} does not watch namespace ${namespace}, as its arguments say, so ${effect}`,
    fix: `let --namespaces of ${names} hold ${namespace}, and --deny-namespaces not`,
  };
}

export const operatorAccess: Check = {
  id: 'operator-access',
  title: 'The Prometheus Operator may read its objects and make servers of them',
  severity: 'error',
  *run(context) {
    for (const prometheus of context.inventory.prometheuses) {
      for (const { workload, scope } of operatorsOf(prometheus, operatorsIn(context))) {
        const refused = refusedText(context.rbac, accountOf(workload), scope.requestsFor(prometheus));
        if (refused === undefined) continue;
        yield {
          object: refOf(workload),
          message: `${refused}, so it does not make a server of ${refText(refOf(prometheus))}`,
          fix: `bind ${accountText(workload)} to the ClusterRole that comes with the operator, in every namespace that it watches`,
        };
      }
    }
  },
};

/** The operators that make a server of a Prometheus object. */
function operatorsOf(prometheus: Prometheus, operators: readonly Operator[]): readonly Operator[] {
  return operators.filter(({ scope }) => scope.operatesIn(namespaceOf(prometheus)));
}

function operatorsIn({ podMakers }: CheckContext): readonly Operator[] {
  return podMakers
    .filter(({ spec }) => spec.template.spec.containers.some(({ image }) => isPrometheusOperator(image)))
    .map((workload) => ({ workload, scope: OperatorScope.of(workload) }));
}
