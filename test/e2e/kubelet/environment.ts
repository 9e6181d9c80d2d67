import { UsageError } from '../../../core/errors';
import type { ServiceAddress } from './cluster-objects';
import { expand } from './expansion';
import { fieldValue, type Placement, resourceValue } from './fields';
import type { Container, EnvVar, KeyRef, Pod } from './pod';
import type { Texts } from './texts';

/** What variables are taken from. */
export interface EnvironmentSources {
  readonly pod: Pod;
  readonly placement: Placement;
  /** `NAME=value`, of the image. */
  readonly image: readonly string[];
  readonly services: readonly ServiceAddress[];
  /** @returns undefined if there is no such object */
  readonly textsOf: (kind: 'ConfigMap' | 'Secret', name: string) => Texts | undefined;
}

/**
 * The variables of a container, later ones over earlier ones: of the image, of services, `envFrom`, `env`.
 * @throws UsageError if something that is not optional is missing
 */
export function environment(container: Container, sources: EnvironmentSources): ReadonlyMap<string, string> {
  const given = new Map(serviceVariables(sources.services));
  for (const { prefix, configMapRef, secretRef } of container.envFrom) {
    const ref = configMapRef ?? secretRef;
    if (!ref) continue;
    const kind = configMapRef ? 'ConfigMap' : 'Secret';
    const texts = sources.textsOf(kind, ref.name);
    if (!texts && !ref.optional) throw missing(kind, ref.name);
    for (const [key, text] of texts ?? []) given.set(`${prefix}${key}`, text.toString());
  }
  for (const variable of container.env) {
    const value = valueOf(variable, container, given, sources);
    if (value !== undefined) given.set(variable.name, value);
  }
  const image = sources.image.map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
  });
  return new Map([...image, ...given]);
}

function valueOf(
  { name, value, valueFrom }: EnvVar,
  container: Container,
  given: ReadonlyMap<string, string>,
  sources: EnvironmentSources,
): string | undefined {
  if (!valueFrom) return expand(value, given);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) return fieldValue(fieldRef.fieldPath, sources.pod, sources.placement);
  if (resourceFieldRef) return resourceValue(resourceFieldRef, sources.pod, container, sources.placement);
  if (configMapKeyRef) return keyText('ConfigMap', configMapKeyRef, sources);
  if (secretKeyRef) return keyText('Secret', secretKeyRef, sources);
  throw new UsageError(`the variable ${name} has a valueFrom without a source: give one`);
}

function keyText(
  kind: 'ConfigMap' | 'Secret',
  { name, key, optional }: KeyRef,
  { textsOf }: EnvironmentSources,
): string | undefined {
  const texts = textsOf(kind, name);
  const text = texts?.get(key);
  if (text) return text.toString();
  if (optional) return undefined;
  throw texts ? new UsageError(`couldn't find key ${key} in ${kind} ${name}`) : missing(kind, name);
}

function missing(kind: string, name: string): UsageError {
  return new UsageError(`${kind.toLowerCase()} "${name}" not found`);
}

/** The variables that tell of services: `pkg/kubelet/envvars/envvars.go`. */
function* serviceVariables(services: readonly ServiceAddress[]): Generator<[string, string]> {
  for (const { name, address, ports } of services) {
    const [first] = ports;
    if (!first) continue;
    const prefix = name.toUpperCase().replaceAll('-', '_');
    yield [`${prefix}_SERVICE_HOST`, address];
    yield [`${prefix}_SERVICE_PORT`, String(first.port)];
    for (const port of ports) {
      if (port.name === '') continue;
      yield [`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`, String(port.port)];
    }
    yield [`${prefix}_PORT`, linkOf(address, first)];
    for (const port of ports) {
      const link = `${prefix}_PORT_${port.port}_${port.protocol}`;
      yield [link, linkOf(address, port)];
      yield [`${link}_PROTO`, port.protocol.toLowerCase()];
      yield [`${link}_PORT`, String(port.port)];
      yield [`${link}_ADDR`, address];
    }
  }
}

function linkOf(address: string, { port, protocol }: ServiceAddress['ports'][number]): string {
  return `${protocol.toLowerCase()}://${address}:${port}`;
}
