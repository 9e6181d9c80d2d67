import { type CallExpr } from '../language/ast';
import { NO_LABELS } from '../labels';
import { type FunctionName } from '../language/signatures';
import { type CivilTime, civilTime } from './civil-time';
import { type Compiler, type VectorNode } from './nodes';
import { timeOf } from './run';
import { mapElements } from './element-functions';

/** What a function reads off a time. */
export type DateFunction = (time: CivilTime) => number;

export const DATE_FUNCTIONS: Readonly<Partial<Record<FunctionName, DateFunction>>> = {
  year: ({ year }) => year,
  month: ({ month }) => month,
  day_of_month: ({ day }) => day,
  day_of_week: ({ weekday }) => weekday,
  day_of_year: ({ dayOfYear }) => dayOfYear,
  days_in_month: ({ daysInMonth }) => daysInMonth,
  hour: ({ hour }) => hour,
  minute: ({ minute }) => minute,
};

/** A function of times in seconds since 1970; without an argument, of the evaluation time. */
export function dateNode({ args }: CallExpr, compiler: Compiler, read: DateFunction): VectorNode {
  const [operand] = args;
  if (operand) return mapElements(compiler.vector(operand), compiler, (value) => read(civilTime(value)));
  return (run) => {
    const steps = Array.from({ length: run.steps }, (_, step) => step);
    const values = steps.map((step) => read(civilTime(timeOf(run, step) / 1000)));
    return [{ labels: NO_LABELS, dropName: false, steps, values }];
  };
}
