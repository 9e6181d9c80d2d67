/** Type of the resource that stands for the whole stack. */
export const STACK_TYPE = 'pulumi:pulumi:Stack';

/** What URNs of a run have in common. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/** Parts of a URN that say which resource it is. */
export interface UrnParts {
  /** Types of its parents, the stack left out, and its own: `a:b:C$d:e:F`. */
  readonly qualifiedType: string;
  readonly name: string;
}

/** `urn:pulumi:STACK::PROJECT::PARENT-TYPES$TYPE::NAME` */
export function urnOf(stack: StackName, parent: string, type: string, name: string): string {
  const parentType = parent === '' ? '' : partsOf(parent).qualifiedType;
  const qualified = parentType === '' || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack.stack}::${stack.project}::${qualified}::${name}`;
}

/** @throws Error where it is no URN */
function partsOf(urn: string): UrnParts {
  const [, , qualifiedType, ...name] = urn.split('::');
  if (!urn.startsWith('urn:pulumi:') || qualifiedType === undefined || name.length === 0) {
    throw new Error(`"${urn}" is no URN`);
  }
  return { qualifiedType, name: name.join('::') };
}

/** Its type and name, which is short and says enough for a person: `kubernetes:core/v1:Namespace web`. */
export function shortUrn(urn: string): string {
  const { qualifiedType, name } = partsOf(urn);
  return `${qualifiedType.split('$').at(-1) ?? qualifiedType} ${name}`;
}
