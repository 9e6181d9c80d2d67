import { type Quantity } from '../kube/quantity';
import { hpaConfig, type HpaConfig } from './config';
import {
  type ContainerResourceSource,
  type CrossVersionObjectReference,
  type ExternalSource,
  type HpaSpec,
  type MetricIdentifier,
  type MetricSpec,
  type MetricTarget,
  type ObjectSource,
  type ResourceSource,
  type ScalingPolicy,
  type ScalingRules,
} from './spec';

const MAX_PERIOD_SECONDS = 1800;
const MAX_WINDOW_SECONDS = 3600;
const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const LABEL_SYNTAX = new RegExp(`^${LABEL}$`);
const SUBDOMAIN_SYNTAX = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

/**
 * What the API server would refuse in a new autoscaler (`pkg/apis/autoscaling/validation`), each problem with its
 * field path, such as `spec.maxReplicas: Required value: must be set and greater than 0`. Empty if it is valid.
 *
 * @param spec as parsed, defaulted or not
 * @param name `metadata.name`
 * @param config only its feature gates matter
 */
export function validateHpa(spec: HpaSpec, name: string, config: HpaConfig = hpaConfig()): string[] {
  return [
    ...validateName(name),
    ...validateReplicas(spec, config.featureGates.HPAScaleToZero ? 0 : 1),
    ...validateReference(
      spec.scaleTargetRef,
      'spec.scaleTargetRef',
      spec.scaleTargetRef.kind !== 'ReplicationController',
    ),
    ...validateMetrics(spec.metrics ?? [], spec.minReplicas),
    ...validateRules(spec.behavior?.scaleUp, 'spec.behavior.scaleUp'),
    ...validateRules(spec.behavior?.scaleDown, 'spec.behavior.scaleDown'),
  ];
}

/** A problem if the test fails. */
function unless(valid: boolean, problem: () => string): string[] {
  return valid ? [] : [problem()];
}

function required(path: string, detail: string): string {
  return detail === '' ? `${path}: Required value` : `${path}: Required value: ${detail}`;
}

function forbidden(path: string, detail: string): string {
  return `${path}: Forbidden: ${detail}`;
}

function invalid(path: string, value: number | string | Quantity, detail: string): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${detail}`;
}

function validateName(name: string): string[] {
  const path = 'metadata.name';
  if (name.length > MAX_NAME_LENGTH)
    return [invalid(path, name, `must be no more than ${MAX_NAME_LENGTH} bytes`)];
  return unless(SUBDOMAIN_SYNTAX.test(name), () =>
    invalid(
      path,
      name,
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
        "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
        `'${LABEL}(\\.${LABEL})*')`,
    ),
  );
}

function validateReplicas({ minReplicas = 1, maxReplicas }: HpaSpec, lowestMin: number): string[] {
  const max = 'spec.maxReplicas';
  return [
    ...unless(minReplicas >= lowestMin, () =>
      invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${lowestMin}`),
    ),
    ...unless(maxReplicas !== 0, () => required(max, 'must be set and greater than 0')),
    ...unless(maxReplicas >= 0, () => invalid(max, maxReplicas, 'must be greater than or equal to 1')),
    ...unless(maxReplicas >= minReplicas, () =>
      invalid(max, maxReplicas, 'must be greater than or equal to `minReplicas`'),
    ),
  ];
}

function validateReference(
  { apiVersion = '', kind, name }: CrossVersionObjectReference,
  path: string,
  needsGroup: boolean,
): string[] {
  return [
    ...validatePathSegment(kind, `${path}.kind`, ''),
    ...validatePathSegment(name, `${path}.name`, ''),
    ...validateApiVersion(apiVersion, `${path}.apiVersion`, needsGroup),
  ];
}

function validateApiVersion(apiVersion: string, path: string, needsGroup: boolean): string[] {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return [invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const group = parts.length === 2 ? parts[0] : '';
  return unless(!needsGroup || group !== '', () =>
    invalid(path, apiVersion, 'apiVersion must specify API group'),
  );
}

function validatePathSegment(value: string, path: string, ifEmpty: string): string[] {
  if (value === '') return [required(path, ifEmpty)];
  if (value === '.' || value === '..') return [invalid(path, value, `may not be '${value}'`)];
  return ['/', '%']
    .filter((illegal) => value.includes(illegal))
    .map((illegal) => invalid(path, value, `may not contain '${illegal}'`));
}

function validateMetrics(metrics: readonly MetricSpec[], minReplicas: number | undefined): string[] {
  const scalesFromZero = metrics.some(({ type }) => type === 'Object' || type === 'External');
  return [
    ...metrics.flatMap((metric, index) => validateMetric(metric, `spec.metrics[${index}]`)),
    ...unless(minReplicas !== 0 || scalesFromZero, () =>
      forbidden(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    ),
  ];
}

function validateMetric(spec: MetricSpec, path: string): string[] {
  switch (spec.type) {
    case 'Resource':
      return validateResource(spec.resource, `${path}.resource`);
    case 'ContainerResource':
      return validateContainerResource(spec.containerResource, `${path}.containerResource`);
    case 'Pods':
      return [
        ...validateIdentifier(spec.pods.metric, `${path}.pods.metric`),
        ...validateTarget(spec.pods.target, `${path}.pods.target`),
      ];
    case 'Object':
      return validateObject(spec.object, `${path}.object`);
    case 'External':
      return validateExternal(spec.external, `${path}.external`);
  }
}

function validateResource({ name, target }: ResourceSource, path: string): string[] {
  return [
    ...unless(name !== '', () => required(`${path}.name`, 'must specify a resource name')),
    ...validateResourceTarget(target, `${path}.target`),
  ];
}

function validateContainerResource(source: ContainerResourceSource, path: string): string[] {
  const { name, container, target } = source;
  return [
    ...unless(name !== '', () => required(`${path}.name`, 'must specify a resource name')),
    ...validateContainerName(container, `${path}.container`),
    ...validateResourceTarget(target, `${path}.target`),
  ];
}

function validateContainerName(container: string, path: string): string[] {
  if (container === '') return [required(path, 'must specify a container')];
  if (container.length > MAX_LABEL_LENGTH) {
    return [invalid(path, container, `must be no more than ${MAX_LABEL_LENGTH} bytes`)];
  }
  return unless(LABEL_SYNTAX.test(container), () =>
    invalid(
      path,
      container,
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and " +
        `end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
    ),
  );
}

function validateResourceTarget(target: MetricTarget, path: string): string[] {
  const hasUtilization = target.averageUtilization !== undefined;
  const hasValue = target.averageValue !== undefined;
  return [
    ...validateTarget(target, path),
    ...unless(hasUtilization || hasValue, () =>
      required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization'),
    ),
    ...unless(!hasUtilization || !hasValue, () =>
      forbidden(`${path}.averageValue`, 'may not set both a target raw value and a target utilization'),
    ),
  ];
}

function validateObject({ describedObject, metric, target }: ObjectSource, path: string): string[] {
  return [
    ...validateReference(describedObject, `${path}.describedObject`, false),
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, `${path}.target`),
    ...unless(target.value !== undefined || target.averageValue !== undefined, () =>
      required(`${path}.target.averageValue`, 'must set either a target value or averageValue'),
    ),
  ];
}

function validateExternal({ metric, target }: ExternalSource, path: string): string[] {
  const { value, averageValue } = target;
  return [
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, `${path}.target`),
    ...unless(value !== undefined || averageValue !== undefined, () =>
      required(
        `${path}.target.averageValue`,
        'must set either a target value for metric or a per-pod target',
      ),
    ),
    ...unless(value === undefined || averageValue === undefined, () =>
      forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target'),
    ),
  ];
}

function validateIdentifier({ name }: MetricIdentifier, path: string): string[] {
  return validatePathSegment(name, `${path}.name`, 'must specify a metric name');
}

function validateTarget(
  { value, averageValue, averageUtilization = 1 }: MetricTarget,
  path: string,
): string[] {
  return [
    ...validatePositive(value, `${path}.value`),
    ...validatePositive(averageValue, `${path}.averageValue`),
    ...unless(averageUtilization >= 1, () =>
      invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'),
    ),
  ];
}

function validatePositive(quantity: Quantity | undefined, path: string): string[] {
  return quantity && quantity.nanos <= 0n ? [invalid(path, quantity, 'must be positive')] : [];
}

function validateRules(rules: ScalingRules | undefined, path: string): string[] {
  if (!rules) return [];
  const { stabilizationWindowSeconds: window = 0, policies, tolerance } = rules;
  const windowPath = `${path}.stabilizationWindowSeconds`;
  return [
    ...unless(window >= 0, () => invalid(windowPath, window, 'must be greater than or equal to zero')),
    ...unless(window <= MAX_WINDOW_SECONDS, () =>
      invalid(windowPath, window, `must be less than or equal to ${MAX_WINDOW_SECONDS}`),
    ),
    // Left out, they are filled in before the API server validates.
    ...unless(policies?.length !== 0, () => required(`${path}.policies`, 'must specify at least one Policy')),
    ...(policies ?? []).flatMap((policy, index) => validatePolicy(policy, `${path}.policies[${index}]`)),
    ...(tolerance && tolerance.nanos < 0n
      ? [invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0')]
      : []),
  ];
}

function validatePolicy({ value, periodSeconds }: ScalingPolicy, path: string): string[] {
  const period = `${path}.periodSeconds`;
  return [
    ...unless(value > 0, () => invalid(`${path}.value`, value, 'must be greater than zero')),
    ...unless(periodSeconds > 0, () => invalid(period, periodSeconds, 'must be greater than zero')),
    ...unless(periodSeconds <= MAX_PERIOD_SECONDS, () =>
      invalid(period, periodSeconds, `must be less than or equal to ${MAX_PERIOD_SECONDS}`),
    ),
  ];
}
