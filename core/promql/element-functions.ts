import { type FunctionName } from './ast';
import { goMax, goMin } from './go-math';

/** What a function makes of one value and its scalar arguments. Undefined drops the element. */
export type ElementFunction = (value: number, ...parameters: number[]) => number | undefined;

/** The functions that treat each element of an instant vector by itself. */
export const ELEMENT_FUNCTIONS: Readonly<Partial<Record<FunctionName, ElementFunction>>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  sqrt: Math.sqrt,
  sgn: Math.sign,
  round: (value, toNearest = 1) => {
    const inverse = 1 / toNearest;
    return Math.floor(value * inverse + 0.5) / inverse;
  },
  clamp: (value, least = Number.NaN, greatest = Number.NaN) =>
    greatest < least ? undefined : goMax(least, goMin(greatest, value)),
  clamp_min: (value, least = Number.NaN) => goMax(least, value),
  clamp_max: (value, greatest = Number.NaN) => goMin(greatest, value),
};
