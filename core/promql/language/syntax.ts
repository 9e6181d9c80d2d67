import {
  type Aggregator,
  type AtModifier,
  type BinaryOperator,
  type DurationExpr,
  type Grouping,
} from './ast';
import { type Matcher } from './matcher';
import { type FunctionName, type ValueType } from './signatures';

/**
 * An expression as it is written, parentheses and all, before its types are checked: what goes wrong in the grammar
 * is reported before what goes wrong in the types. Positions are indices of the text.
 */
export type Syntax =
  | LiteralSyntax
  | SelectorSyntax
  | MatrixSyntax
  | SubquerySyntax
  | UnarySyntax
  | BinarySyntax
  | AggregateSyntax
  | CallSyntax
  | ParenthesesSyntax;

interface Span {
  start: number;
  end: number;
  readonly type: ValueType;
}

export type LiteralSyntax =
  | (Span & { readonly kind: 'number'; value: number })
  | (Span & { readonly kind: 'string'; readonly value: string });

/** What may follow a selector or a subquery, in any order. */
export interface Modifiers {
  offsetMs: number;
  offsetExpr?: DurationExpr | undefined;
  at?: AtModifier | undefined;
}

export interface SelectorSyntax extends Span, Modifiers {
  readonly kind: 'vectorSelector';
  /** The metric name, if it stands before the braces or without any. */
  readonly name: string;
  /** Those in braces. */
  readonly matchers: readonly Matcher[];
  extended?: 'anchored' | 'smoothed' | undefined;
}

/** A length of time, computed or not. */
export interface Length {
  readonly ms: number;
  readonly expr?: DurationExpr | undefined;
}

export interface MatrixSyntax extends Span {
  readonly kind: 'matrixSelector';
  readonly selector: SelectorSyntax;
  readonly range: Length;
}

export interface SubquerySyntax extends Span, Modifiers {
  readonly kind: 'subquery';
  readonly operand: Syntax;
  readonly range: Length;
  readonly step: Length;
}

export interface UnarySyntax extends Span {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Syntax;
}

/** `bool`, `on (…)`, `group_left (…)`, `fill (…)` between an operator and its right side, as written. */
export interface MatchingClause {
  readonly returnBool: boolean;
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group: 'left' | 'right' | undefined;
  readonly include: readonly string[];
  readonly fill: { readonly left?: number | undefined; readonly right?: number | undefined } | undefined;
}

export interface BinarySyntax extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Syntax;
  readonly right: Syntax;
  readonly clause: MatchingClause;
}

export interface AggregateSyntax extends Span {
  readonly kind: 'aggregate';
  readonly operator: Aggregator;
  readonly operand: Syntax;
  readonly parameter: Syntax | undefined;
  readonly grouping: Grouping;
}

export interface CallSyntax extends Span {
  readonly kind: 'call';
  readonly function: FunctionName;
  readonly args: readonly Syntax[];
}

export interface ParenthesesSyntax extends Span {
  readonly kind: 'parentheses';
  readonly inner: Syntax;
}
