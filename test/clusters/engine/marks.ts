import { isList, isProperties, type Properties, Secret, Unknown, UNKNOWN, type Value } from './values';

/** A value without the marks of secrets in it: for comparing, and for providers. */
export function reveal(value: Value): Value {
  if (value instanceof Secret) return reveal(value.secret);
  if (isList(value)) return value.map(reveal);
  return isProperties(value) ? mapProperties(value, reveal) : value;
}

/** Properties with every value changed. */
function mapProperties(properties: Properties, change: (value: Value, name: string) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, change(value, name)]));
}

/** Whether anything in a value is unknown. */
export function hasUnknown(value: Value): boolean {
  return pathsOf(value, (candidate) => candidate instanceof Unknown).length > 0;
}

/** Paths of the secret values: `kubeconfig`, `stringData.password`. */
export function secretPaths(value: Value): string[] {
  return pathsOf(value, (candidate) => candidate instanceof Secret);
}

/** Paths of the unknown values, secret or not. */
export function unknownPaths(value: Value): string[] {
  return pathsOf(value, (candidate) => candidate instanceof Unknown);
}

function pathsOf(value: Value, wanted: (value: Value) => boolean, path = ''): string[] {
  if (wanted(value)) return [path];
  if (value instanceof Secret) return pathsOf(value.secret, wanted, path);
  if (isList(value)) return value.flatMap((item, index) => pathsOf(item, wanted, `${path}[${index}]`));
  if (!isProperties(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => pathsOf(child, wanted, below(path, name)));
}

/** `metadata.labels["a.b/c"]` */
export function below(path: string, name: string): string {
  if (!/^[\w$-]+$/.test(name)) return `${path}["${name}"]`;
  return path === '' ? name : `${path}.${name}`;
}

/** Plain JSON to look at: `[unknown]` and `[secret]` stand for what is hidden. */
export function readable(value: Value): unknown {
  if (value instanceof Secret) return '[secret]';
  if (value instanceof Unknown) return '[unknown]';
  if (isList(value)) return value.map(readable);
  if (!isProperties(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, readable(child)]));
}

/** Every text in a value that is not secret. */
export function plainTexts(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(plainTexts);
  return isProperties(value) ? Object.values(value).flatMap(plainTexts) : [];
}

/**
 * Outputs of a provider with the secrets of its inputs marked again, which providers return in the clear: the whole
 * of an output where the input of the same name is secret, and recursively; and those that the program wants secret.
 */
export function markSecrets(
  outputs: Properties,
  inputs: Properties,
  additional: readonly string[],
): Properties {
  return mapProperties(outputs, (value, name) => {
    const marked = markLike(value, inputs[name]);
    return additional.includes(name) && !(marked instanceof Secret) ? new Secret(reveal(marked)) : marked;
  });
}

function markLike(output: Value, input: Value | undefined): Value {
  if (output instanceof Secret) return output;
  if (input instanceof Secret) return new Secret(reveal(output));
  if (isList(output) && isList(input)) return output.map((item, index) => markLike(item, input[index]));
  if (isProperties(output) && isProperties(input)) {
    return mapProperties(output, (value, name) => markLike(value, input[name]));
  }
  return output;
}

/** The text of a value, secret or not. @throws Error where it is none */
export function textOf(value: Value | undefined, what: string): string {
  const text = value === undefined ? undefined : reveal(value);
  if (typeof text !== 'string') throw new Error(`${what} is no text`);
  return text;
}

/** A value at names below one another; undefined where there is none. */
export function valueAt(value: Value | undefined, ...names: readonly string[]): Value | undefined {
  return names.reduce<Value | undefined>((at, name) => {
    const plain = at instanceof Secret ? at.secret : at;
    if (plain instanceof Unknown) return UNKNOWN;
    return isProperties(plain) ? plain[name] : undefined;
  }, value);
}
