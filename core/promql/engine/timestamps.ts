import { type CallExpr, type Expr, type VectorSelector } from '../language/ast';
import { argument } from './arguments';
import { timeOfAt } from '../language/query-context';
import { mapElements } from './element-functions';
import { type Compiler, type VectorNode } from './nodes';
import { timeOf } from './run';
import { Selection } from './selection';
import { timeShift } from './selectors';
import { type Element, evaluateSteps } from './steps';
import { unnamed } from './unnamed';

/** `timestamp` and `start_timestamp`: of samples if the argument is a selector, otherwise of the evaluation. */
export function timestampNode(call: CallExpr, compiler: Compiler): VectorNode {
  const operand = argument(call, 0);
  const wantsStart = call.function === 'start_timestamp';
  if (operand.kind === 'vectorSelector') return ofSelector(operand, compiler, wantsStart);
  return ofEvaluation(operand, compiler, wantsStart);
}

/** Only samples have start timestamps. */
function ofEvaluation(operand: Expr, compiler: Compiler, wantsStart: boolean): VectorNode {
  const vector = compiler.vector(operand);
  if (wantsStart) return mapElements(vector, compiler, () => undefined);
  const { delayedNameRemoval } = compiler.settings;
  return (run) =>
    evaluateSteps(run, [vector(run)], delayedNameRemoval, ([elements = []], step) =>
      elements.map(({ labels }) => ({
        labels: unnamed(labels, delayedNameRemoval),
        dropName: true,
        value: timeOf(run, step) / 1000,
      })),
    );
}

function ofSelector(selector: VectorSelector, compiler: Compiler, wantsStart: boolean): VectorNode {
  const { lookbackMs, delayedNameRemoval, startTimestamps } = compiler.settings;
  const { at } = selector;
  const selection = new Selection(selector.matchers, (labels) => unnamed(labels, delayedNameRemoval));
  // With `@`, Prometheus leaves the offset of the selector out.
  const shift = at === undefined ? timeShift(selector, compiler) : () => timeOfAt(at, compiler.context);
  return (run) => {
    const { members } = selection.in(run.store);
    return evaluateSteps(run, [], delayedNameRemoval, (_vectors, step) => {
      const elements: Element[] = [];
      for (const { series, labels } of members) {
        const times = series.timesAt(shift(timeOf(run, step), run), lookbackMs);
        if (!times || (wantsStart && !startTimestamps)) continue;
        elements.push({ labels, dropName: true, value: (wantsStart ? times.startMs : times.atMs) / 1000 });
      }
      return elements;
    });
  };
}
