import { checkObjects, type Finding } from '../core/check';
import type { Subject } from './subject';

/**
 * Whether an object cannot be read, neither by the API server nor by the program it is for. Such input is unusable, as
 * a scenario with an unknown key is; any other error is a broken link.
 */
function isUnreadable({ check, object }: Finding): boolean {
  // The adapter's flags are a matter of its workload; what is wrong with a ConfigMap is the rules in it.
  const rules = check === 'adapter-misconfigured' && object.kind === 'ConfigMap';
  return rules || check === 'unreadable-object' || check === 'invalid-autoscaler';
}

/** What is wrong with the chain of a subject, as far as the objects and the scenario tell. */
export function findingsOf({ objects, cluster, scenario }: Subject): readonly Finding[] {
  return checkObjects(objects, cluster, scenario?.programs);
}

/** Kinds that scale something: KEDA makes an autoscaler of the second. */
const AUTOSCALERS = ['HorizontalPodAutoscaler', 'ScaledObject'];

/** How much there was to check. */
export function checkedOf({ objects }: Subject): { readonly autoscalers: number } {
  return { autoscalers: objects.filter(({ object }) => AUTOSCALERS.includes(object.kind)).length };
}

/** The exit code that findings ask for: 2 for input that cannot be used, 1 for a broken link, 0 otherwise. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.some(isUnreadable)) return 2;
  return errors.length > 0 ? 1 : 0;
}
