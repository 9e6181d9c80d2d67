import { type MetricContext } from './metric';
import { type SelectorProblem } from './selector-problem';

/**
 * The problem of pods that several autoscalers scale. The controller lists these in an arbitrary order, and since 1.37
 * names an arbitrary two of them; here the autoscaler itself comes first.
 */
export function ambiguousSelector({ scale, inputs, config }: MetricContext): SelectorProblem | undefined {
  if (!inputs.otherHpas?.length) return undefined;
  const rivals = [inputs.name, ...inputs.otherHpas].map((name) => `{${name} ${inputs.namespace}}`);
  const message = config.rules.namesTwoRivals
    ? `are controlled by more than one HPA (e.g. [${rivals.slice(0, 2).join(' ')}])`
    : `are controlled by multiple HPAs: [${rivals.join(' ')}]`;
  return { event: 'AmbiguousSelector', message: `pods by selector ${scale.selector} ${message}` };
}
