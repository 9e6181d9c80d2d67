import { forbidden, namedStringText, notSupported, required } from '../../../kube/field-error';
import { type FilledHpaSpec } from '../defaults';
import { type WrittenMetric, type WrittenSources } from '../spec';
import {
  validateContainerResource,
  validateExternal,
  validateObject,
  validatePods,
  validateResource,
} from './metric-sources';
import { type ValidationOptions } from './options';

/** The source that each type of metric must have, in Go's order of the types. */
const SOURCE_OF_TYPE = new Map<string, keyof WrittenSources>([
  ['ContainerResource', 'containerResource'],
  ['External', 'external'],
  ['Object', 'object'],
  ['Pods', 'pods'],
  ['Resource', 'resource'],
]);

/** `validateMetrics`. */
export function validateMetrics(
  { metrics, minReplicas }: FilledHpaSpec,
  options: ValidationOptions,
): string[] {
  const scalesFromZero = metrics.some(({ type }) => type === 'Object' || type === 'External');
  return [
    ...metrics.flatMap((metric, index) => validateMetric(metric, `spec.metrics[${index}]`, options)),
    ...(minReplicas === 0 && !scalesFromZero
      ? [
          forbidden(
            'spec.metrics',
            'must specify at least one Object or External metric to support scaling to zero replicas',
          ),
        ]
      : []),
  ];
}

/**
 * `validateMetricSpec`: the type twice, if it is wrong, and the first source in Go's order, whatever the type. The
 * sources that are too many Go names in any order.
 */
function validateMetric(metric: WrittenMetric, path: string, options: ValidationOptions): string[] {
  const wanted = SOURCE_OF_TYPE.get(metric.type);
  const unknown = wanted ? [] : [unknownType(metric, path, options)];
  const present = presentSources(metric, path, options);
  const tooMany = present.length > 1 ? present.filter(({ name }) => name !== wanted) : [];
  return [
    ...(metric.type === '' ? [required(`${path}.type`, 'must specify a metric source type')] : []),
    ...unknown,
    ...(present[0]?.validate() ?? []),
    ...(wanted && !metric[wanted]
      ? [required(`${path}.${wanted}`, 'must populate information for the given metric source')]
      : []),
    ...unknown,
    ...tooMany.map(({ name }) => forbidden(`${path}.${name}`, 'must populate the given metric source only')),
  ];
}

function unknownType({ type }: WrittenMetric, path: string, { minor }: ValidationOptions): string {
  return notSupported(`${path}.type`, namedStringText(type, minor), [...SOURCE_OF_TYPE.keys()]);
}

interface PresentSource {
  readonly name: keyof WrittenSources;
  readonly validate: () => string[];
}

function presentSources(metric: WrittenMetric, path: string, options: ValidationOptions): PresentSource[] {
  const { object, external, pods, resource, containerResource } = metric;
  const sources: (PresentSource | undefined)[] = [
    object && { name: 'object', validate: () => validateObject(object, `${path}.object`, options) },
    external && { name: 'external', validate: () => validateExternal(external, `${path}.external`, options) },
    pods && { name: 'pods', validate: () => validatePods(pods, `${path}.pods`, options) },
    resource && { name: 'resource', validate: () => validateResource(resource, `${path}.resource`, options) },
    containerResource && {
      name: 'containerResource',
      validate: () => validateContainerResource(containerResource, `${path}.containerResource`, options),
    },
  ];
  return sources.filter((source) => source !== undefined);
}
