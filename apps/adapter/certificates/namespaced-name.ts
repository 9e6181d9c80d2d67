/** Where an object is. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** @returns undefined if a text is not `namespace/name` */
export function namespacedName(text: string): NamespacedName | undefined {
  const [namespace = '', name = '', ...rest] = text.split('/');
  return namespace === '' || name === '' || rest.length > 0 ? undefined : { namespace, name };
}

export function textOf({ namespace, name }: NamespacedName): string {
  return `${namespace}/${name}`;
}
