import { forbidden, invalid, namedStringText, quantityText, required } from '../../../kube/field-error';
import { goQuote } from '../../../kube/go-quote';
import { dnsLabelProblems } from '../../../kube/name-syntax';
import { type Quantity } from '../../../kube/quantity';
import { type MetricIdentifier, type WrittenSources, type WrittenTarget } from '../spec';
import { validateContainerResourceName } from './container-resource-name';
import { type ValidationOptions } from './options';
import { validatePathSegment, validateReference } from './reference';

const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];

/** `validateObjectSource`. */
export function validateObject(
  { describedObject, metric, target }: WrittenSources['object'],
  path: string,
  options: ValidationOptions,
): string[] {
  return [
    ...validateReference(describedObject, `${path}.describedObject`, options.describedObject, options.minor),
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, `${path}.target`, options),
    ...(target.value || target.averageValue
      ? []
      : [required(`${path}.target.averageValue`, 'must set either a target value or averageValue')]),
  ];
}

/** `validateExternalSource`. */
export function validateExternal(
  { metric, target }: WrittenSources['external'],
  path: string,
  options: ValidationOptions,
): string[] {
  return [
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, `${path}.target`, options),
    ...exactlyOne(
      [target.value, target.averageValue],
      required(
        `${path}.target.averageValue`,
        'must set either a target value for metric or a per-pod target',
      ),
      forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target'),
    ),
  ];
}

/** `validatePodsSource`. */
export function validatePods(
  { metric, target }: WrittenSources['pods'],
  path: string,
  options: ValidationOptions,
): string[] {
  return [
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, `${path}.target`, options),
    ...(target.averageValue
      ? []
      : [required(`${path}.target.averageValue`, 'must specify a positive target averageValue')]),
  ];
}

/** `validateResourceSource`. */
export function validateResource(
  { name, target }: WrittenSources['resource'],
  path: string,
  options: ValidationOptions,
): string[] {
  return [
    ...(name === '' ? [required(`${path}.name`, 'must specify a resource name')] : []),
    ...validateResourceTarget(target, `${path}.target`, options),
  ];
}

/** `validateContainerResourceSource`. */
export function validateContainerResource(
  { name, container, target }: WrittenSources['containerResource'],
  path: string,
  options: ValidationOptions,
): string[] {
  const containerPath = `${path}.container`;
  return [
    ...(name === ''
      ? [required(`${path}.name`, 'must specify a resource name')]
      : validateContainerResourceName(name, `${path}.name`, options.minor)),
    ...(container === ''
      ? [required(containerPath, 'must specify a container')]
      : dnsLabelProblems(container).map((problem) => invalid(containerPath, goQuote(container), problem))),
    ...validateResourceTarget(target, `${path}.target`, options),
  ];
}

function validateResourceTarget(target: WrittenTarget, path: string, options: ValidationOptions): string[] {
  return [
    ...validateTarget(target, path, options),
    ...exactlyOne(
      [target.averageUtilization, target.averageValue],
      required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization'),
      forbidden(`${path}.averageValue`, 'may not set both a target raw value and a target utilization'),
    ),
  ];
}

function exactlyOne([first, second]: readonly [unknown, unknown], neither: string, both: string): string[] {
  if (first === undefined && second === undefined) return [neither];
  return first === undefined || second === undefined ? [] : [both];
}

/** `validateMetricTarget`. */
function validateTarget(target: WrittenTarget, path: string, options: ValidationOptions): string[] {
  const { type, value, averageValue, averageUtilization } = target;
  const typePath = `${path}.type`;
  return [
    ...(type === '' ? [required(typePath, 'must specify a metric target type')] : []),
    ...(TARGET_TYPES.includes(type)
      ? []
      : [
          invalid(
            typePath,
            namedStringText(type, options.minor),
            'must be either Utilization, Value, or AverageValue',
          ),
        ]),
    ...validatePositive(value, `${path}.value`, options),
    ...validatePositive(averageValue, `${path}.averageValue`, options),
    ...(averageUtilization !== undefined && averageUtilization < 1
      ? [invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0')]
      : []),
  ];
}

function validatePositive(
  quantity: Quantity | undefined,
  path: string,
  { minor }: ValidationOptions,
): string[] {
  if (!quantity || quantity.nanos > 0n) return [];
  return [invalid(path, quantityText(quantity, minor), 'must be positive')];
}

/** `validateMetricIdentifier`: its selector is not looked at. */
function validateIdentifier({ name }: MetricIdentifier, path: string): string[] {
  return validatePathSegment(name, `${path}.name`, 'must specify a metric name');
}
