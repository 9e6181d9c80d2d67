import { messageOf, UsageError } from '../../errors';
import { expand, GoRegexp } from '../../kube/go-regexp';
import { type Labels } from '../../kube/selector';
import { type CallExpr } from '../language/ast';
import { isLabelName, labelValue, METRIC_NAME, perLabels, setLabel } from '../labels';
import { argument, textArgument } from './arguments';
import { mergeRows } from './matrix';
import { type Compiler, type VectorNode } from './nodes';

/** The labels that a function makes of labels; undefined leaves them alone. */
type Relabel = (labels: Labels) => Labels | undefined;

/** `label_replace(vector, destination, replacement, source, regex)` */
export function labelReplaceNode(call: CallExpr, compiler: Compiler): VectorNode {
  const [destination, replacement, source] = [1, 2, 3].map((index) => textArgument(call, index));
  const regex = textArgument(call, 4);
  return relabelNode(call, compiler, destination ?? '', () => {
    const compiled = compileRegex(regex);
    requireLabelName(destination, 'destination', call);
    return (labels) => {
      const match = compiled.find(labelValue(labels, source ?? ''));
      return match && setLabel(labels, destination ?? '', expand(replacement ?? '', match));
    };
  });
}

/** `label_join(vector, destination, separator, source, …)` */
export function labelJoinNode(call: CallExpr, compiler: Compiler): VectorNode {
  const destination = textArgument(call, 1);
  const separator = textArgument(call, 2);
  const sources = call.args.slice(3).map((_, index) => textArgument(call, index + 3));
  return relabelNode(call, compiler, destination, () => {
    for (const source of sources) requireLabelName(source, 'source', call);
    requireLabelName(destination, 'destination', call);
    return (labels) =>
      setLabel(labels, destination, sources.map((source) => labelValue(labels, source)).join(separator));
  });
}

/** @param prepare checks the arguments, when the query runs */
function relabelNode(
  call: CallExpr,
  compiler: Compiler,
  destination: string,
  prepare: () => Relabel,
): VectorNode {
  const operand = compiler.vector(argument(call, 0));
  let relabel: Relabel | undefined;
  return (run) => {
    relabel ??= perLabels(prepare());
    const rows = [];
    for (const row of operand(run)) {
      const labels = relabel(row.labels);
      const dropName = destination !== METRIC_NAME && row.dropName;
      rows.push(labels ? { ...row, labels, dropName } : row);
    }
    return mergeRows(rows);
  };
}

function compileRegex(regex: string): GoRegexp {
  try {
    return GoRegexp.compile(`^(?s:${regex})$`, 'label_replace()');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`invalid regular expression in label_replace(): ${regex}`, {
      cause: messageOf(error),
    });
  }
}

function requireLabelName(name: string | undefined, role: string, { function: caller }: CallExpr): void {
  if (!isLabelName(name ?? '')) throw new UsageError(`invalid ${role} label name in ${caller}(): ${name}`);
}
