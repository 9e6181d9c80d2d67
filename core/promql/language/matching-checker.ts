import { type BinaryOperator, type Cardinality, type VectorMatching } from './ast';
import { isComparison, isSetOperator } from './precedence';
import { quoteString } from './quoting';
import { type BinarySyntax, type MatchingClause } from './syntax';
import { type TokenStream } from './token-stream';

/**
 * Checks a binary operator against the types of its sides, and says how the sides are matched if both are instant
 * vectors.
 */
export function checkMatching(stream: TokenStream, binary: BinarySyntax): VectorMatching | undefined {
  checkOperator(stream, binary);
  const { left, right, operator, clause } = binary;
  for (const side of [left, right]) {
    if (side.type === 'scalar' || side.type === 'instant vector') continue;
    stream.fail(side.start, 'binary expression must contain only scalar and instant vector types');
  }
  if (left.type === 'scalar' || right.type === 'scalar') return checkNoMatching(stream, binary);
  if (isSetOperator(operator)) checkSetOperator(stream, binary);
  const { on, labels, include, fill } = clause;
  return { cardinality: cardinalityOf(operator, clause.group), on, labels, include, fill };
}

function checkOperator(stream: TokenStream, binary: BinarySyntax): void {
  const { left, right, operator, clause } = binary;
  if (clause.returnBool && !isComparison(operator)) {
    stream.fail(operatorStart(stream, binary), 'bool modifier can only be used on comparison operators');
  }
  const isScalar = left.type === 'scalar' && right.type === 'scalar';
  if (isComparison(operator) && !clause.returnBool && isScalar) {
    stream.fail(operatorStart(stream, binary), 'comparisons between scalars must use BOOL modifier');
  }
  const both = clause.on ? clause.labels.find((label) => clause.include.includes(label)) : undefined;
  if (both !== undefined) {
    const problem = `label ${quoteString(both)} must not occur in ON and GROUP clause at once`;
    stream.fail(operatorStart(stream, binary), problem);
  }
}

/** Where the operator stands, or a comment before it: Prometheus skips nothing but spaces. */
function operatorStart({ text }: TokenStream, { left }: BinarySyntax): number {
  let start = left.end;
  while (start < text.length && ' \t\n\r'.includes(text.charAt(start))) start++;
  return start;
}

function checkNoMatching(stream: TokenStream, { operator, clause, start }: BinarySyntax): undefined {
  if (clause.labels.length > 0) stream.fail(start, 'vector matching only allowed between instant vectors');
  if (clause.fill) stream.fail(start, 'filling in missing series only allowed between instant vectors');
  if (isSetOperator(operator)) {
    stream.fail(start, `set operator "${operator}" not allowed in binary scalar expression`);
  }
}

function checkSetOperator(stream: TokenStream, { operator, clause, start }: BinarySyntax): void {
  if (clause.group) stream.fail(start, `no grouping allowed for "${operator}" operation`);
  if (clause.fill) stream.fail(start, 'filling in missing series not allowed for set operators');
}

function cardinalityOf(operator: BinaryOperator, group: MatchingClause['group']): Cardinality {
  if (isSetOperator(operator)) return 'many-to-many';
  if (group === undefined) return 'one-to-one';
  return group === 'left' ? 'many-to-one' : 'one-to-many';
}
