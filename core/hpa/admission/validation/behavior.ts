import { invalid, namedStringText, notSupported, required } from '../../../kube/field-error';
import { goQuote } from '../../../kube/go-quote';
import { type FilledHpaSpec } from '../defaults';
import { type WrittenPolicy, type WrittenRules } from '../spec';
import { type ValidationOptions } from './options';

const MAX_PERIOD_SECONDS = 1800;
const MAX_WINDOW_SECONDS = 3600;
/** In Go's order. */
const SELECT_POLICIES = ['Disabled', 'Max', 'Min'];
const POLICY_TYPES = ['Percent', 'Pods'];

/** `validateBehavior`. */
export function validateBehavior({ behavior }: FilledHpaSpec, options: ValidationOptions): string[] {
  if (!behavior) return [];
  return [
    ...validateRules(behavior.scaleUp, 'spec.behavior.scaleUp', options),
    ...validateRules(behavior.scaleDown, 'spec.behavior.scaleDown', options),
  ];
}

/** `validateScalingRules`. */
function validateRules(rules: WrittenRules, path: string, options: ValidationOptions): string[] {
  const { selectPolicy, policies = [], tolerance } = rules;
  return [
    ...validateWindow(rules, `${path}.stabilizationWindowSeconds`),
    ...(selectPolicy === undefined || SELECT_POLICIES.includes(selectPolicy)
      ? []
      : [
          notSupported(`${path}.selectPolicy`, namedStringText(selectPolicy, options.minor), SELECT_POLICIES),
        ]),
    ...(policies.length > 0 ? [] : [required(`${path}.policies`, 'must specify at least one Policy')]),
    ...policies.flatMap((policy, index) => validatePolicy(policy, `${path}.policies[${index}]`, options)),
    ...(options.readsTolerance && tolerance && tolerance.nanos < 0n
      ? [invalid(`${path}.tolerance`, goQuote(tolerance.toString()), 'must be greater than or equal to 0')]
      : []),
  ];
}

function validateWindow({ stabilizationWindowSeconds: window }: WrittenRules, path: string): string[] {
  if (window === undefined) return [];
  if (window < 0) return [invalid(path, window, 'must be greater than or equal to zero')];
  if (window <= MAX_WINDOW_SECONDS) return [];
  return [invalid(path, window, `must be less than or equal to ${MAX_WINDOW_SECONDS}`)];
}

/** `validateScalingPolicy`. */
function validatePolicy(
  { type, value, periodSeconds }: WrittenPolicy,
  path: string,
  { minor }: ValidationOptions,
): string[] {
  const period = `${path}.periodSeconds`;
  return [
    ...(POLICY_TYPES.includes(type)
      ? []
      : [notSupported(`${path}.type`, namedStringText(type, minor), POLICY_TYPES)]),
    ...(value > 0 ? [] : [invalid(`${path}.value`, value, 'must be greater than zero')]),
    ...(periodSeconds > 0 ? [] : [invalid(period, periodSeconds, 'must be greater than zero')]),
    ...(periodSeconds <= MAX_PERIOD_SECONDS
      ? []
      : [invalid(period, periodSeconds, `must be less than or equal to ${MAX_PERIOD_SECONDS}`)]),
  ];
}
