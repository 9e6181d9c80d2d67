import { UsageError } from '../../errors';
import { type CallExpr, type Expr } from '../language/ast';
import { goMax, goMin } from '../go-math';
import { NO_LABELS } from '../labels';
import { signatureOf } from '../language/signatures';
import { absentNode } from './absent';
import { argument } from './arguments';
import { contextValue } from '../language/query-context';
import { DATE_FUNCTIONS, dateNode } from './dates';
import { ELEMENT_FUNCTIONS, elementNode } from './element-functions';
import { histogramNode } from './histogram-nodes';
import { infoNode } from './info';
import { labelJoinNode, labelReplaceNode } from './label-functions';
import { type Compiler, type ScalarNode, type VectorNode } from './nodes';
import { rangeCallNode } from './range-call';
import { timeOf } from './run';
import { sortNode } from './sort';
import { StepReader } from './steps';
import { timestampNode } from './timestamps';

type NodeMaker = (call: CallExpr, compiler: Compiler) => VectorNode;

/** Functions with a shape of their own. */
const NODES: Readonly<Record<string, NodeMaker>> = {
  absent: absentNode,
  vector: vectorNode,
  timestamp: timestampNode,
  start_timestamp: timestampNode,
  label_replace: labelReplaceNode,
  label_join: labelJoinNode,
  info: infoNode,
  sort: sortNode,
  sort_desc: sortNode,
  sort_by_label: sortNode,
  sort_by_label_desc: sortNode,
  histogram_quantile: histogramNode,
  histogram_quantiles: histogramNode,
  histogram_fraction: histogramNode,
  histogram_avg: nothingNode,
  histogram_count: nothingNode,
  histogram_sum: nothingNode,
  histogram_stddev: nothingNode,
  histogram_stdvar: nothingNode,
};

/** A call of a function that gives an instant vector. */
export function vectorCallNode(call: CallExpr, compiler: Compiler): VectorNode {
  if (signatureOf(call.function).args.includes('range vector')) return rangeCallNode(call, compiler);
  const own = NODES[call.function];
  if (own) return own(call, compiler);
  const element = ELEMENT_FUNCTIONS[call.function];
  if (element) return elementNode(call, compiler, element);
  const date = DATE_FUNCTIONS[call.function];
  if (date) return dateNode(call, compiler, date);
  throw new UsageError(`unknown function with name "${call.function}"`);
}

/** A call of a function that gives a scalar. */
export function scalarCallNode(call: CallExpr, compiler: Compiler): ScalarNode {
  const value = contextValue(call.function, compiler.context);
  if (value !== undefined) return (run) => Array.from({ length: run.steps }, () => value);
  switch (call.function) {
    case 'time':
      return (run) => Array.from({ length: run.steps }, (_, step) => timeOf(run, step) / 1000);
    case 'pi':
      return (run) => Array.from({ length: run.steps }, () => Math.PI);
    case 'max_of':
      return extremeNode(call, compiler, goMax);
    case 'min_of':
      return extremeNode(call, compiler, goMin);
    default:
      return scalarNode(argument(call, 0), compiler);
  }
}

function extremeNode(
  call: CallExpr,
  compiler: Compiler,
  choose: (a: number, b: number) => number,
): ScalarNode {
  const left = compiler.scalar(argument(call, 0));
  const right = compiler.scalar(argument(call, 1));
  return (run) => {
    const rights = right(run);
    return left(run).map((value, step) => choose(value, rights[step] ?? Number.NaN));
  };
}

/** `scalar(vector)`: the value of the only element. */
function scalarNode(operand: Expr, compiler: Compiler): ScalarNode {
  const vector = compiler.vector(operand);
  return (run) => {
    const reader = new StepReader(vector(run));
    return Array.from({ length: run.steps }, (_, step) => {
      const [only, ...others] = reader.at(step);
      return only && others.length === 0 ? only.value : Number.NaN;
    });
  };
}

/** `vector(scalar)` */
function vectorNode(call: CallExpr, compiler: Compiler): VectorNode {
  const scalar = compiler.scalar(argument(call, 0));
  return (run) => {
    const steps = Array.from({ length: run.steps }, (_, step) => step);
    return [{ labels: NO_LABELS, dropName: false, steps, values: scalar(run) }];
  };
}

/** Functions of native histograms leave floats out, and there are only floats here. */
function nothingNode(call: CallExpr, compiler: Compiler): VectorNode {
  const operand = compiler.vector(argument(call, 0));
  return (run) => operand(run).slice(0, 0);
}
