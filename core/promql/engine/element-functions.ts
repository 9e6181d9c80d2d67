import { type CallExpr } from '../language/ast';
import { goLog10, goLog2, goMax, goMin } from '../go-math';
import { type FunctionName } from '../language/signatures';
import { argument } from './arguments';
import { mapRows } from './map-rows';
import { type Compiler, type ScalarNode, type VectorNode } from './nodes';

/** What a function makes of one value and its scalar arguments. Undefined drops the element. */
export type ElementFunction = (value: number, ...parameters: number[]) => number | undefined;

/** The functions that treat each element of an instant vector by itself. */
export const ELEMENT_FUNCTIONS: Readonly<Partial<Record<FunctionName, ElementFunction>>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  sqrt: Math.sqrt,
  sgn: Math.sign,
  exp: Math.exp,
  ln: Math.log,
  log2: goLog2,
  log10: goLog10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  rad: (value) => (value * Math.PI) / 180,
  deg: (value) => (value * 180) / Math.PI,
  round: (value, toNearest = 1) => {
    const inverse = 1 / toNearest;
    return Math.floor(value * inverse + 0.5) / inverse;
  },
  clamp: (value, least = Number.NaN, greatest = Number.NaN) =>
    greatest < least ? undefined : goMax(least, goMin(greatest, value)),
  clamp_min: (value, least = Number.NaN) => goMax(least, goMin(Infinity, value)),
  clamp_max: (value, greatest = Number.NaN) => goMax(-Infinity, goMin(greatest, value)),
};

/** A call of such a function. */
export function elementNode(call: CallExpr, compiler: Compiler, compute: ElementFunction): VectorNode {
  const operand = compiler.vector(argument(call, 0));
  const parameters = call.args.slice(1).map((parameter) => compiler.scalar(parameter));
  return mapElements(operand, compiler, compute, parameters);
}

/** Applies a function to every value; the results measure something else, so they lose the metric name. */
export function mapElements(
  operand: VectorNode,
  { settings: { delayedNameRemoval } }: Compiler,
  compute: ElementFunction,
  parameters: readonly ScalarNode[] = [],
): VectorNode {
  return (run) => {
    const matrix = operand(run);
    const columns = parameters.map((parameter) => parameter(run));
    const apply = (value: number, step: number): number | undefined =>
      compute(value, ...columns.map((column) => column[step] ?? Number.NaN));
    return mapRows(run, matrix, columns.length === 0 ? (value) => compute(value) : apply, delayedNameRemoval);
  };
}
