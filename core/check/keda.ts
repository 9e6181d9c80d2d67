import { accountOf, kedaRequests, kedaWatches, METRICS_API_GROUPS, refusedText } from '../chain';
import { didYouMean } from '../did-you-mean';
import { groupOf, refOf, refText } from '../kube/object';
import { accountText } from './access';
import type { Check } from './check';

/** Steps that are the metrics API server's own; those before are of the APIService and its Service. */
const OWN_STEPS = ['flags', 'listen', 'operator'];
/** What KEDA and its metrics API server need in order to run. */
const CHART = 'what the chart that installs KEDA renders';

export const scaledObjectInvalid: Check = {
  id: 'scaled-object-invalid',
  title: 'ScaledObjects are valid, and KEDA can build their triggers',
  severity: 'error',
  *run({ scaledObjects }) {
    for (const { scaledObject, refusals, triggers } of scaledObjects) {
      for (const message of new Set(refusals)) {
        yield { object: scaledObject.ref, message, fix: 'correct what the message names' };
      }
      for (const [index, { path, problem }] of triggers.entries()) {
        if (!problem || problem.notUnderstood) continue;
        const keys = Object.keys(scaledObject.triggers[index]?.metadata ?? {}).join(', ') || 'none';
        const message = `${path}: ${problem.message.replaceAll('\n', '; ')}`;
        yield {
          object: scaledObject.ref,
          message,
          fix: `correct metadata of ${path}; its keys are: ${keys}`,
        };
      }
    }
  },
};

export const scaledObjectNotUnderstood: Check = {
  id: 'scaled-object-not-understood',
  title: 'What ScaledObjects say is understood',
  severity: 'info',
  *run({ scaledObjects }) {
    for (const { scaledObject, unmodelled, triggers } of scaledObjects) {
      const reasons = triggers.flatMap(({ problem }) => (problem?.notUnderstood ? [problem.message] : []));
      for (const message of [...(unmodelled === undefined ? [] : [unmodelled]), ...reasons]) {
        yield {
          object: scaledObject.ref,
          message: `${message}; what it does is not verified`,
          fix: 'try it in the cluster',
        };
      }
    }
  },
};

export const kedaMissing: Check = {
  id: 'keda-missing',
  title: 'Where there is a ScaledObject, KEDA makes an autoscaler of it and serves its metrics',
  severity: 'error',
  *run({ scaledObjects, keda, inventory }) {
    for (const { ref } of scaledObjects.map(({ scaledObject }) => scaledObject)) {
      if (keda.operators.length === 0) {
        yield {
          object: ref,
          message:
            'no workload among the objects runs the operator of KEDA, so nothing makes an autoscaler of it',
          fix: `add the Deployment of the operator, or ${CHART}`,
        };
      }
      if (keda.metricsServers.length > 0) continue;
      const other = inventory.apiServices.find(({ spec }) => spec.group === METRICS_API_GROUPS.external);
      yield {
        object: ref,
        message: other
          ? `${refText(refOf(other))} does not lead to the metrics API server of KEDA, and only one server can have ${METRICS_API_GROUPS.external}`
          : `no APIService of ${METRICS_API_GROUPS.external} leads to the metrics API server of KEDA, so its autoscaler gets no metrics`,
        fix: other ? `let ${refText(refOf(other))} lead to KEDA` : `add the APIService, or ${CHART}`,
      };
    }
  },
};

export const kedaMisconfigured: Check = {
  id: 'keda-misconfigured',
  title: 'The metrics API server of KEDA starts, is reached and finds the operator',
  severity: 'error',
  *run({ keda }) {
    for (const { step, object, message, fix } of keda.metricsServers.flatMap(({ problems }) => problems)) {
      // That there is no operator is a finding of its own.
      if (step === 'operator' && keda.operators.length === 0) continue;
      if (OWN_STEPS.includes(step)) yield { object, message, fix };
    }
  },
};

export const kedaScope: Check = {
  id: 'keda-scope',
  title: 'KEDA watches the namespaces of its ScaledObjects',
  severity: 'error',
  *run({ scaledObjects, keda: { operators } }) {
    if (operators.length === 0) return;
    const names = operators.map(({ workload }) => refText(refOf(workload))).join(', ');
    for (const { ref, namespace } of scaledObjects.map(({ scaledObject }) => scaledObject)) {
      if (operators.some((operator) => kedaWatches(operator, namespace))) continue;
      yield {
        object: ref,
        message: `${names} does not watch namespace ${namespace}, as its WATCH_NAMESPACE says, so nothing makes an autoscaler of it`,
        fix: `let WATCH_NAMESPACE of ${names} hold ${namespace}`,
      };
    }
  },
};

export const kedaAccess: Check = {
  id: 'keda-access',
  title: 'KEDA may read its ScaledObjects, make their autoscalers and scale their targets',
  severity: 'error',
  *run({ scaledObjects, keda: { operators }, inventory, rbac }) {
    for (const { ref, namespace, target } of scaledObjects.map(({ scaledObject }) => scaledObject)) {
      const operator = operators.find((each) => kedaWatches(each, namespace));
      const group = groupOf(target.apiVersion);
      const resource = inventory.apiResources.findKind(group, target.kind)?.plural;
      if (!operator || resource === undefined) continue;
      const { workload } = operator;
      const requests = kedaRequests(operator, namespace, { group, resource });
      const refused = refusedText(rbac, accountOf(workload), requests);
      if (refused === undefined) continue;
      yield {
        object: refOf(workload),
        message: `${refused}, so it does not scale by ${refText(ref)}`,
        fix: `bind ${accountText(workload)} to the ClusterRole that comes with KEDA, in every namespace that it watches`,
      };
    }
  },
};

export const triggerKeyIgnored: Check = {
  id: 'trigger-key-ignored',
  title: 'Everything in the metadata of a trigger is read',
  severity: 'warning',
  *run({ scaledObjects }) {
    for (const { ref, path, trigger } of scaledObjects.flatMap(({ triggers }) => triggers)) {
      if (!trigger) continue;
      for (const key of trigger.ignoredKeys) {
        yield {
          object: ref,
          message: `${path}: KEDA does not read "${key}" of a ${trigger.type} trigger${didYouMean(key, trigger.readKeys)}`,
          fix: `correct or remove ${key} in metadata of ${path}`,
        };
      }
    }
  },
};
