import { invalid, required } from '../../../kube/field-error';
import { type FilledHpaSpec } from '../defaults';
import { type ValidationOptions } from './options';

const MAX = 'spec.maxReplicas';
/** Since this minor version a missing `maxReplicas` is told from a negative one. */
const REQUIRES_MAX_SINCE = 36;
/** Since this minor version tags in the API's types are enforced, and their errors replace those of the code. */
const DECLARATIVE_SINCE = 37;

/** The part of `validateHorizontalPodAutoscalerSpec` on `minReplicas` and `maxReplicas`. */
export function validateReplicas(spec: FilledHpaSpec, options: ValidationOptions): string[] {
  return [
    ...minReplicasProblem(spec, options),
    ...maxReplicasProblem(spec, options),
    ...(spec.maxReplicas < spec.minReplicas
      ? [invalid(MAX, spec.maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : []),
  ];
}

function minReplicasProblem(
  { minReplicas }: FilledHpaSpec,
  { lowestMinReplicas }: ValidationOptions,
): string[] {
  if (minReplicas >= lowestMinReplicas) return [];
  return [invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${lowestMinReplicas}`)];
}

function maxReplicasProblem({ maxReplicas }: FilledHpaSpec, { minor }: ValidationOptions): string[] {
  if (maxReplicas > 0) return [];
  if (minor < REQUIRES_MAX_SINCE) return [invalid(MAX, maxReplicas, 'must be greater than 0')];
  return [
    maxReplicas === 0
      ? required(MAX, 'must be set and greater than 0')
      : invalid(MAX, maxReplicas, 'must be greater than or equal to 1'),
  ];
}

/**
 * What declarative validation (`ValidateDeclarativelyWithMigrationChecks`) makes of the problems that the code found.
 * Its own come last and stand for those of the code on the same field; a field that an update leaves as it was is
 * not looked at, so that the code's problem remains. On its way every problem that is there twice loses its copy.
 */
export function validateDeclaratively(
  problems: readonly string[],
  spec: FilledHpaSpec,
  old: FilledHpaSpec | undefined,
  options: ValidationOptions,
): string[] {
  if (options.minor < DECLARATIVE_SINCE) return [...problems];
  const replaced = [
    ...(spec.minReplicas === old?.minReplicas ? [] : minReplicasProblem(spec, options)),
    ...(spec.maxReplicas === old?.maxReplicas ? [] : maxReplicasProblem(spec, options)),
  ];
  return [
    ...[...new Set(problems)].filter((problem) => !replaced.includes(problem)),
    ...replaced.map((problem) =>
      problem.startsWith(`${MAX}: Required value`) ? required(MAX, '') : problem,
    ),
  ];
}
