import { invalid, required } from '../../kube/field-error';
import { goQuote } from '../../kube/go-quote';
import { dnsSubdomainProblems, pathSegmentProblems } from '../../kube/name-syntax';
import { hpaConfig, type HpaConfig } from '../config/config';
import { fillDefaults } from './defaults';
import { type HpaSpec } from './spec';
import { validateBehavior } from './validation/behavior';
import { validateMetrics } from './validation/metrics';
import { validationOptions } from './validation/options';
import { validateReference } from './validation/reference';
import { validateDeclaratively, validateReplicas } from './validation/replicas';

/**
 * What the API server refuses in an autoscaler (`pkg/registry/autoscaling/horizontalpodautoscaler`): every field error
 * as it prints it, such as `spec.maxReplicas: Required value: must be set and greater than 0`, in its order. Empty if
 * the autoscaler is valid.
 *
 * @param spec as decoded; defaults are filled in first, as the API server does
 * @param name `metadata.name`
 * @param config version and feature gates of the API server
 * @param old the stored spec that is updated; without it the autoscaler is new
 */
export function validateHpa(
  spec: HpaSpec,
  name: string,
  config: HpaConfig = hpaConfig(),
  old?: HpaSpec,
): string[] {
  const filled = fillDefaults(spec);
  const filledOld = old && fillDefaults(old);
  const options = validationOptions(filled, filledOld, config);
  const problems = [
    ...(old ? validateStoredName(name) : validateName(name)),
    ...validateReplicas(filled, options),
    ...validateReference(filled.scaleTargetRef, 'spec.scaleTargetRef', options.scaleTarget, options.minor),
    ...validateMetrics(filled, options),
    ...validateBehavior(filled, options),
  ];
  return validateDeclaratively(problems, filled, filledOld, options);
}

/** The part of `ValidateObjectMeta` on the name. */
function validateName(name: string): string[] {
  const path = 'metadata.name';
  if (name === '') return [required(path, 'name or generateName is required')];
  return dnsSubdomainProblems(name).map((problem) => invalid(path, goQuote(name), problem));
}

/** The name of an object that is there already can only be wrong as part of a path. */
function validateStoredName(name: string): string[] {
  const path = 'metadata.name';
  if (name === '') return [required(path, 'name or generateName is required')];
  return pathSegmentProblems(name).map((problem) => invalid(path, goQuote(name), problem));
}
