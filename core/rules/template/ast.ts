import { type GoString } from '../../kube/go-string';
import { quote } from '../../kube/go-string-quote';

/**
 * Nodes of a parsed template (text/template/parse `node.go`). `position` is the byte at which an error in the node is
 * reported.
 */
interface At {
  readonly position: number;
}

/** A node that makes output, or decides what does. */
export type Node = TextNode | ActionNode | BranchNode | TemplateNode | LoopExitNode;

/** Nodes in the order of the template. */
export interface ListNode extends At {
  readonly nodes: Node[];
}

export interface TextNode extends At {
  readonly kind: 'text';
  readonly text: GoString;
}

/** `<<pipeline>>` */
export interface ActionNode extends At {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

/** `<<if pipeline>> … <<else>> … <<end>>`, and the same with `range` and `with`. */
export interface BranchNode extends At {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList?: ListNode | undefined;
}

/** `<<template "name" pipeline>>` */
export interface TemplateNode extends At {
  readonly kind: 'template';
  readonly name: GoString;
  readonly pipe?: PipeNode | undefined;
}

/** `<<break>>`, `<<continue>>` */
export interface LoopExitNode extends At {
  readonly kind: 'break' | 'continue';
}

/** `$x, $y := command | command` */
export interface PipeNode extends At {
  readonly kind: 'pipe';
  readonly isAssignment: boolean;
  readonly variables: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

/** A function or operand, and its arguments. */
export interface CommandNode extends At {
  readonly kind: 'command';
  readonly first: Operand;
  readonly rest: readonly Operand[];
}

export type Operand =
  PipeNode | ChainNode | FieldNode | VariableNode | IdentifierNode | DotNode | NilNode | ConstantNode;
export type ConstantNode = BoolNode | NumberNode | StringNode;

/** `(pipeline).Field`, `function.Field` */
export interface ChainNode extends At {
  readonly kind: 'chain';
  readonly node: Operand;
  readonly fields: readonly GoString[];
}

/** `.Field.Field` */
export interface FieldNode extends At {
  readonly kind: 'field';
  readonly path: readonly GoString[];
}

/** `$name.Field`; the first of the path is the name with its `$`. */
export interface VariableNode extends At {
  readonly kind: 'variable';
  readonly path: readonly GoString[];
}

/** The name of a function. */
export interface IdentifierNode extends At {
  readonly kind: 'identifier';
  readonly name: GoString;
}

export interface DotNode extends At {
  readonly kind: 'dot';
}

export interface NilNode extends At {
  readonly kind: 'nil';
}

export interface BoolNode extends At {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NumberNode extends At {
  readonly kind: 'number';
  readonly text: GoString;
  /** An `int`, a `float64`, or nothing for what is larger than an `int`. */
  readonly value: bigint | number | undefined;
}

export interface StringNode extends At {
  readonly kind: 'string';
  readonly quoted: GoString;
  readonly value: GoString;
}

/** What an error can be about. */
export type Locatable = PipeNode | CommandNode | Operand | TemplateNode;

/** A node as Go writes it in errors. */
export function nodeText(node: Locatable): GoString {
  switch (node.kind) {
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ''}}}`;
    case 'pipe':
      return pipeText(node);
    case 'command':
      return [node.first, ...node.rest].map(argumentText).join(' ');
    case 'chain':
      return [argumentText(node.node), ...node.fields].join('.');
    case 'field':
      return node.path.map((name) => `.${name}`).join('');
    case 'variable':
      return node.path.join('.');
    case 'identifier':
      return node.name;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
  }
}

function pipeText({ variables, commands, isAssignment }: PipeNode): GoString {
  const declaration =
    variables.length > 0 ? `${variables.map(nodeText).join(', ')} ${isAssignment ? '=' : ':='} ` : '';
  return declaration + commands.map(nodeText).join(' | ');
}

function argumentText(operand: Operand): GoString {
  return operand.kind === 'pipe' ? `(${nodeText(operand)})` : nodeText(operand);
}

/** Whether there is nothing but white space (`parse.IsEmptyTree`). */
export function isEmpty(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === 'text' && /^[\t\n\v\f\r ]*$/.test(node.text));
}
