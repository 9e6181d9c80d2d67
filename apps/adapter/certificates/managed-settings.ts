import { UsageError } from '../../../core/errors';
import { namespacedName, type NamespacedName } from './namespaced-name';

/** Which certificate is looked after, and who learns whom to believe. */
export interface ManagedSettings {
  readonly secret: NamespacedName;
  /** The Service through which the adapter is reached, which the certificate is for. */
  readonly service: NamespacedName;
  readonly apiServices: readonly string[];
  readonly caConfigMaps: readonly NamespacedName[];
}

/**
 * Reads the variables `SERVING_SECRET` and `SERVICE`, as `namespace/name`, `API_SERVICES`, names with commas between
 * them, and `CA_CONFIG_MAPS`, each as `namespace/name` with commas between them.
 * @returns undefined if none but `SERVICE` is set, which alone asks for nothing
 * @throws UsageError if one of the first three is missing, or one is not written so
 */
export function managedSettings(
  environment: Readonly<Record<string, string | undefined>>,
): ManagedSettings | undefined {
  const { SERVING_SECRET: secret = '', API_SERVICES: services = '', CA_CONFIG_MAPS: maps = '' } = environment;
  if (secret === '' && services === '' && maps === '') return undefined;
  const at = namespacedName(secret);
  if (!at) {
    throw new UsageError(
      `SERVING_SECRET="${secret}": must be namespace/name of the Secret of the certificate`,
    );
  }
  const { SERVICE: own = '' } = environment;
  const service = namespacedName(own);
  if (!service) {
    throw new UsageError(
      `SERVICE="${own}": must be namespace/name of the adapter's own Service: the certificate in SERVING_SECRET is ` +
        'for it, and APIServices that lead to another one are left alone',
    );
  }
  const apiServices = listed(services);
  if (apiServices.length === 0) {
    throw new UsageError(
      `API_SERVICES="${services}": must name the APIServices that are to trust the certificate in ` +
        `SERVING_SECRET, like v1beta1.custom.metrics.k8s.io`,
    );
  }
  return { secret: at, service, apiServices, caConfigMaps: listed(maps).map(configMap) };
}

function configMap(text: string): NamespacedName {
  const at = namespacedName(text);
  if (at) return at;
  throw new UsageError(
    `CA_CONFIG_MAPS: "${text}" must be namespace/name of a ConfigMap that is to hold the authority`,
  );
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
