import { NotSupportedError, messageOf } from '../../errors';
import { type GoString } from '../../kube/go-string';
import {
  type CommandNode,
  nodeText,
  type NumberNode,
  type Operand,
  type PipeNode,
  type VariableNode,
} from './ast';
import { FUNCTIONS } from './functions';
import { type Item, type ItemType } from './item';
import { checkDepth } from './limits';
import { parseCharacter, parseNumber } from './number';
import { quote, unquote } from '../../kube/go-string-quote';
import { TemplateError } from './template-error';
import { type TokenStream } from './token-stream';

/** What an operand can begin with. */
const OPERAND_TYPES: readonly ItemType[] = [
  ...(['bool', 'charConstant', 'complex', 'dot', 'field', 'identifier', 'number', 'nil'] as const),
  ...(['rawString', 'string', 'variable', 'leftParen'] as const),
];

/** Parses pipelines: declarations, then commands between `|`. It knows the variables that are in scope. */
export class PipelineParser {
  private variables: GoString[] = ['$'];
  private parentheses = 0;

  constructor(private readonly tokens: TokenStream) {}

  /** The variables in scope, for {@link forget}. */
  mark(): number {
    return this.variables.length;
  }

  /** Forgets the variables declared since {@link mark}. */
  forget(mark: number): void {
    this.variables = this.variables.slice(0, mark);
  }

  /**
   * @param context what the pipeline belongs to, as errors say it
   * @param end what ends it
   */
  pipeline(context: string, end: ItemType): PipeNode {
    const { position } = this.tokens.peekNonSpace();
    const { variables, isAssignment } = this.declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const item = this.tokens.nextNonSpace();
      if (item.type === end) break;
      if (!OPERAND_TYPES.includes(item.type)) this.tokens.unexpected(item, context);
      this.tokens.backUp();
      commands.push(this.command());
    }
    this.checkCommands(commands, context);
    return { kind: 'pipe', position, isAssignment, variables, commands };
  }

  private declarations(context: string): { variables: VariableNode[]; isAssignment: boolean } {
    const { tokens } = this;
    const variables: VariableNode[] = [];
    for (;;) {
      const item = tokens.peekNonSpace();
      if (item.type !== 'variable') return { variables, isAssignment: false };
      tokens.next();
      const after = tokens.peek();
      const next = tokens.peekNonSpace();
      const isComma = next.type === 'char' && next.value === ',';
      if (next.type !== 'assign' && next.type !== 'declare' && !isComma) {
        if (after.type === 'space') tokens.backUp3(item, after);
        else tokens.backUp2(item);
        return { variables, isAssignment: false };
      }
      tokens.nextNonSpace();
      variables.push(variableNode(item.position, item.value));
      this.variables.push(item.value);
      if (!isComma) return { variables, isAssignment: next.type === 'assign' };
      if (context !== 'range' || variables.length > 1) tokens.fail(`too many declarations in ${context}`);
      if (!['variable', 'rightDelim', 'rightParen'].includes(tokens.peekNonSpace().type)) {
        tokens.fail('range can only initialize variables');
      }
    }
  }

  private checkCommands(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.tokens.fail(`missing value for ${context}`);
    const constant = commands.findIndex(
      ({ first }, index) => index > 0 && ['bool', 'dot', 'nil', 'number', 'string'].includes(first.kind),
    );
    if (constant > 0) this.tokens.fail(`non executable command in pipeline stage ${constant + 1}`);
  }

  private command(): CommandNode {
    const { position } = this.tokens.peekNonSpace();
    const operands: Operand[] = [];
    for (;;) {
      this.tokens.peekNonSpace();
      const operand = this.operand();
      if (operand) operands.push(operand);
      const item = this.tokens.next();
      if (item.type === 'space') continue;
      if (item.type === 'rightDelim' || item.type === 'rightParen') this.tokens.backUp();
      else if (item.type !== 'pipe') this.tokens.unexpected(item, 'operand');
      break;
    }
    const [first, ...rest] = operands;
    if (!first) return this.tokens.fail('empty command');
    return { kind: 'command', position, first, rest };
  }

  /** A term and the fields that follow it; nothing if there is no term. */
  private operand(): Operand | undefined {
    const node = this.term();
    if (!node || this.tokens.peek().type !== 'field') return node;
    const { position } = this.tokens.peek();
    const fields: GoString[] = [];
    while (this.tokens.peek().type === 'field') fields.push(this.tokens.next().value.slice(1));
    switch (node.kind) {
      case 'field':
      case 'variable':
        return { kind: node.kind, position, path: [...node.path, ...fields] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.tokens.fail(`unexpected . after term ${quote(nodeText(node))}`);
      case 'pipe':
      case 'identifier':
      case 'chain':
        return { kind: 'chain', position, node, fields };
    }
  }

  private term(): Operand | undefined {
    const item = this.tokens.nextNonSpace();
    const { position, value } = item;
    switch (item.type) {
      case 'identifier':
        if (!FUNCTIONS.has(value)) this.tokens.fail(`function ${quote(value)} not defined`);
        return { kind: 'identifier', position, name: value };
      case 'dot':
      case 'nil':
        return { kind: item.type, position };
      case 'variable':
        if (!this.variables.includes(value)) this.tokens.fail(`undefined variable ${quote(value)}`);
        return variableNode(position, value);
      case 'field':
        return { kind: 'field', position, path: [value.slice(1)] };
      case 'bool':
        return { kind: 'bool', position, value: value === 'true' };
      case 'charConstant':
      case 'complex':
      case 'number':
        return this.number(item);
      case 'leftParen':
        return this.parenthesized();
      case 'string':
      case 'rawString':
        return {
          kind: 'string',
          position,
          quoted: value,
          value: unquote(value) ?? this.tokens.fail('invalid syntax'),
        };
      default:
        this.tokens.backUp();
        return undefined;
    }
  }

  private parenthesized(): PipeNode {
    checkDepth((this.parentheses += 1));
    const pipe = this.pipeline('parenthesized pipeline', 'rightParen');
    this.parentheses -= 1;
    return pipe;
  }

  private number({ type, value: text, position }: Item): NumberNode {
    if (type === 'complex') throw new NotSupportedError(`the complex constant ${text} in a template`);
    try {
      const value = type === 'charConstant' ? parseCharacter(text) : parseNumber(text);
      return { kind: 'number', position, text, value };
    } catch (error) {
      if (error instanceof TemplateError) this.tokens.fail(messageOf(error));
      throw error;
    }
  }
}

function variableNode(position: number, name: GoString): VariableNode {
  return { kind: 'variable', position, path: [name] };
}
