import { didYouMean } from '../did-you-mean';
import { NotSupportedError } from '../errors';
import { refText } from '../kube/object';
import { prometheusTrigger, type PrometheusTrigger } from './prometheus-trigger';
import { resourceTrigger, type ResourceTrigger } from './resource-trigger';
import type { ScaledObject } from './scaled-object';

const MODELLED = ['prometheus', 'cpu', 'memory'];

/** A trigger of a ScaledObject, read. */
export type Trigger = PrometheusTrigger | ResourceTrigger;

/**
 * The triggers of a ScaledObject, in their order.
 * @throws UsageError in KEDA's words for the first whose scaler cannot be built
 * @throws NotSupportedError for a type that is not modelled
 */
export function triggersOf(scaledObject: ScaledObject): readonly Trigger[] {
  return scaledObject.triggers.map((_, index) => triggerOf(scaledObject, index));
}

/** One of them. @throws UsageError, NotSupportedError as `triggersOf` */
export function triggerOf({ ref, triggers }: ScaledObject, index: number): Trigger {
  const manifest = triggers[index];
  switch (manifest?.type) {
    case 'prometheus':
      return prometheusTrigger(manifest, index);
    case 'cpu':
    case 'memory':
      return resourceTrigger(manifest.type, manifest, index);
    default: {
      const type = manifest?.type ?? '';
      throw new NotSupportedError(
        `${refText(ref)} with a trigger of type ${type}${didYouMean(type, MODELLED)}`,
      );
    }
  }
}
