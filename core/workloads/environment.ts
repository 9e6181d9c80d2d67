import { NotSupportedError, UsageError } from '../errors';
import { containerEnvironment } from '../kube/command-line';
import { namespaceOf } from '../kube/inventory';
import type { Container } from '../kube/kinds/pod';
import { resourceFieldValue } from '../kube/resource-field';
import { DEFAULT_PORT } from './paths';
import { ownerOf, type Setting } from './program';

type ValueSource = NonNullable<NonNullable<Container['env']>[number]['valueFrom']>;

const MAX_PORT = 65_535;

/**
 * What a container's environment gives a variable: its own `env`, what containers of the pod request or are limited to,
 * or the ConfigMaps that `envFrom` names.
 * @returns undefined if it is not set, or empty, which this project's programs take for the same
 * @throws NotSupportedError if it may come from a Secret or a field, or from a ConfigMap that is not among the objects
 */
export function environmentVariable(setting: Setting, name: string): string | undefined {
  const { container } = setting;
  const own = container.env?.findLast((variable) => variable.name === name);
  const value = own?.valueFrom
    ? referredValue(setting, name, own.valueFrom)
    : own
      ? containerEnvironment(container).get(name)
      : sharedValue(setting, name);
  return value === '' ? undefined : value;
}

/**
 * What a program reads of its container's environment.
 * @throws UsageError that names the container, if the program would not start with it
 */
export function readEnvironment<Config>(
  setting: Setting,
  read: (variable: (name: string) => string | undefined) => Config,
): Config {
  try {
    return read((name) => environmentVariable(setting, name));
  } catch (error) {
    if (!(error instanceof UsageError) || error instanceof NotSupportedError) throw error;
    throw new UsageError(`${ownerOf(setting)}: ${error.message}`);
  }
}

function referredValue(
  setting: Setting,
  name: string,
  { configMapKeyRef, resourceFieldRef }: ValueSource,
): string | undefined {
  const { workload, container } = setting;
  if (!resourceFieldRef) return configMapValue(setting, name, configMapKeyRef);
  const value = resourceFieldValue(resourceFieldRef, container, workload.spec.template.spec);
  if (value === undefined) throw unreadable(setting, name, `resource ${resourceFieldRef.resource}`);
  return value;
}

function sharedValue(setting: Setting, name: string): string | undefined {
  const { container } = setting;
  // The last source that has the name wins.
  return container.envFrom
    ?.map(({ configMapRef, secretRef }) => {
      if (secretRef) throw unreadable(setting, name, `Secret ${secretRef.name ?? ''}`);
      return configMapValue(setting, name, configMapRef && { ...configMapRef, key: name });
    })
    .findLast((value) => value !== undefined);
}

function configMapValue(
  setting: Setting,
  name: string,
  reference:
    | { readonly name?: string | undefined; readonly key: string; readonly optional?: boolean | undefined }
    | undefined,
): string | undefined {
  if (!reference) throw unreadable(setting, name, 'something other than a ConfigMap');
  const { workload, inventory } = setting;
  const found = inventory.configMaps.find(
    ({ metadata }) => metadata.name === reference.name && namespaceOf({ metadata }) === namespaceOf(workload),
  );
  if (!found && reference.optional !== true) {
    throw unreadable(setting, name, `ConfigMap ${reference.name ?? ''}, which is not among the objects`);
  }
  return found?.data?.[reference.key];
}

/** Port that a program of this project listens on. */
export function listeningPort(setting: Setting): number {
  const text = environmentVariable(setting, 'PORT') ?? String(DEFAULT_PORT);
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port <= MAX_PORT) return port;
  throw new UsageError(`${ownerOf(setting)}: PORT="${text}" must be a whole number from 1 to ${MAX_PORT}`);
}

function unreadable(setting: Setting, name: string, source: string): NotSupportedError {
  return new NotSupportedError(`${ownerOf(setting)}: the variable ${name} from ${source}`);
}
