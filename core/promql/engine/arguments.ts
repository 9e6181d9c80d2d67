import { UsageError } from '../../errors';
import { type CallExpr, type Expr } from '../language/ast';

/** An argument of a call; the parser has seen to it that it is there. */
export function argument({ function: name, args }: CallExpr, index: number): Expr {
  const found = args[index];
  if (!found) throw new UsageError(`${name}() needs ${index + 1} arguments`);
  return found;
}

/** The text of an argument that is a string. */
export function textArgument(call: CallExpr, index: number): string {
  const found = argument(call, index);
  if (found.kind !== 'string')
    throw new UsageError(`${call.function}() needs a string as argument ${index + 1}`);
  return found.value;
}
