import { type GoString } from '../../kube/go-string';
import {
  type ChainNode,
  type CommandNode,
  type IdentifierNode,
  type Locatable,
  nodeText,
  type NumberNode,
  type Operand,
  type PipeNode,
  type VariableNode,
} from './ast';
import { callValue, FUNCTIONS, type ParameterType } from './functions';
import { quote } from '../../kube/go-string-quote';
import { TemplateError } from './template-error';
import { GoMap, GoStruct, type GoValue, isTrue, type MaybeValue, type Method, typeName } from './value';

/** What a pipeline passes on to its next command: nothing before the first, else a value, which may be no value. */
type Final = { readonly value: MaybeValue } | undefined;

/** Parameter types as Go names them in errors. */
const TYPE_NAMES: Readonly<Record<ParameterType, string>> = {
  value: 'reflect.Value',
  any: 'interface {}',
  string: 'string',
};

/** The text that errors point into. */
export interface Source {
  /** Name of the whole text. */
  readonly name: GoString;
  readonly text: GoString;
}

/**
 * Evaluates the pipelines of one template (text/template `exec.go`). `at` follows the node that Go would name in an
 * error.
 */
export class Evaluator {
  private variables: { readonly name: GoString; value: MaybeValue }[];
  private node: Locatable | undefined;

  /** @param name of the template that is executed, one of those that `source` defines */
  constructor(
    private readonly source: Source,
    private readonly name: GoString,
    root: MaybeValue,
  ) {
    this.variables = [{ name: '$', value: root }];
  }

  at(node: Locatable): void {
    this.node = node;
  }

  /** @throws TemplateError always, with the place in the template */
  fail(message: GoString): never {
    if (!this.node) throw new TemplateError(`template: ${this.source.name}: ${message}`);
    const before = this.source.text.slice(0, this.node.position);
    const line = before.split('\n').length;
    const column = before.length - (before.lastIndexOf('\n') + 1);
    const place = `${this.source.name}:${line}:${column}`;
    throw new TemplateError(
      `template: ${place}: executing ${quote(this.name)} at <${nodeText(this.node)}>: ${message}`,
    );
  }

  /** Number of variables, for {@link pop}. */
  mark(): number {
    return this.variables.length;
  }

  pop(mark: number): void {
    this.variables.length = mark;
  }

  /** Overwrites the variable that was declared last but `depth`. */
  setTop(depth: number, value: MaybeValue): void {
    const variable = this.variables.at(-1 - depth);
    if (variable) variable.value = value;
  }

  set(name: GoString, value: MaybeValue): void {
    this.find(name).value = value;
  }

  /** The value of a pipeline. Variables that it declares stay until they are popped. */
  pipeline(dot: MaybeValue, pipe: PipeNode): MaybeValue {
    this.at(pipe);
    let final: Final;
    for (const command of pipe.commands) final = { value: this.command(dot, command, final) };
    const value = final?.value;
    for (const { path } of pipe.variables) {
      const name = path[0] ?? '';
      if (pipe.isAssignment) this.set(name, value);
      else this.variables.push({ name, value });
    }
    return value;
  }

  private find(name: GoString): { value: MaybeValue } {
    return (
      this.variables.findLast((variable) => variable.name === name) ??
      this.fail(`undefined variable: ${name}`)
    );
  }

  private command(dot: MaybeValue, command: CommandNode, final: Final): MaybeValue {
    const { first, rest } = command;
    switch (first.kind) {
      case 'field':
        this.at(first);
        return this.fields(dot, dot, first.path, rest, final);
      case 'chain':
        return this.chain(dot, first, rest, final);
      case 'identifier':
        return this.function(dot, first, command, rest, final);
      case 'pipe':
        this.refuseArguments(first, rest, final);
        return this.pipeline(dot, first);
      case 'variable':
        return this.variable(dot, first, rest, final);
      default:
        this.at(first);
        this.refuseArguments(first, rest, final);
        return first.kind === 'nil' ? this.fail('nil is not a command') : this.plain(dot, first);
    }
  }

  private plain(dot: MaybeValue, operand: Exclude<Operand, { kind: 'nil' }>): MaybeValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'bool':
      case 'string':
        return operand.value;
      case 'number':
        return this.number(operand);
      default:
        return this.fail(`can't handle assignment of ${nodeText(operand)} to empty interface argument`);
    }
  }

  private number(node: NumberNode): GoValue {
    this.at(node);
    return node.value ?? this.fail(`${node.text} overflows int`);
  }

  private refuseArguments(first: Operand, rest: readonly Operand[], final: Final): void {
    if (rest.length > 0 || final) this.fail(`can't give argument to non-function ${nodeText(first)}`);
  }

  private chain(dot: MaybeValue, chain: ChainNode, rest: readonly Operand[], final: Final): MaybeValue {
    this.at(chain);
    if (chain.node.kind === 'nil') this.fail(`indirection through explicit nil in ${nodeText(chain)}`);
    return this.fields(dot, this.argument(dot, chain.node), chain.fields, rest, final);
  }

  private variable(
    dot: MaybeValue,
    variable: VariableNode,
    rest: readonly Operand[],
    final: Final,
  ): MaybeValue {
    this.at(variable);
    const [name = '', ...fields] = variable.path;
    const { value } = this.find(name);
    if (fields.length > 0) return this.fields(dot, value, fields, rest, final);
    this.refuseArguments(variable, rest, final);
    return value;
  }

  /** `.X.Y.Z arguments`: only the last of the path can take them. */
  private fields(
    dot: MaybeValue,
    receiver: MaybeValue,
    path: readonly GoString[],
    rest: readonly Operand[],
    final: Final,
  ): MaybeValue {
    return path.reduce(
      (value, name, index) =>
        index < path.length - 1
          ? this.field(dot, name, [], undefined, value)
          : this.field(dot, name, rest, final, value),
      receiver,
    );
  }

  private field(
    dot: MaybeValue,
    name: GoString,
    rest: readonly Operand[],
    final: Final,
    receiver: MaybeValue,
  ): MaybeValue {
    if (receiver === undefined) return undefined;
    const hasArguments = rest.length > 0 || final !== undefined;
    if (receiver instanceof GoStruct) {
      const method = receiver.type.methods.get(name);
      if (method) {
        return this.method(dot, name, method, rest, final, receiver);
      }
      const value = receiver.get(name);
      if (value !== undefined) {
        if (hasArguments) this.fail(`${name} has arguments but cannot be invoked as function`);
        return value;
      }
    } else if (receiver instanceof GoMap) {
      if (hasArguments) this.fail(`${name} is not a method but has arguments`);
      return receiver.get(name);
    }
    return this.fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
  }

  private method(
    dot: MaybeValue,
    name: GoString,
    { parameters: count, secondResult, call }: Method,
    rest: readonly Operand[],
    final: Final,
    receiver: GoStruct,
  ): MaybeValue {
    const parameters = Array.from({ length: count }, () => 'string' as const);
    this.checkCount(name, parameters, undefined, rest, final);
    if (secondResult !== undefined) {
      this.fail(
        `invalid function signature for ${name}: second return value should be error; is ${secondResult}`,
      );
    }
    const values = this.arguments(dot, parameters, undefined, rest, final);
    return call(receiver, ...values.map((value) => (typeof value === 'string' ? value : '')));
  }

  private function(
    dot: MaybeValue,
    identifier: IdentifierNode,
    node: Locatable,
    rest: readonly Operand[],
    final: Final,
  ): MaybeValue {
    this.at(identifier);
    const { name } = identifier;
    const builtin = FUNCTIONS.get(name) ?? this.fail(`${quote(name)} is not a defined function`);
    if (name === 'and' || name === 'or') return this.shortCircuit(dot, name, rest, final);
    const { parameters, variadic } = builtin;
    this.checkCount(name, parameters, variadic, rest, final);
    const values = this.arguments(dot, parameters, variadic, rest, final);
    try {
      return name === 'call' ? callValue(calleeName(rest, final), values[0]) : builtin.call(...values);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.at(node);
      return this.fail(`error calling ${name}: ${error.message}`);
    }
  }

  /** `and` and `or` evaluate no more arguments than they need. */
  private shortCircuit(
    dot: MaybeValue,
    name: 'and' | 'or',
    rest: readonly Operand[],
    final: Final,
  ): MaybeValue {
    if (rest.length === 0 && !final) this.wrongNumber(name, 'at least 1', 0);
    let value: MaybeValue;
    for (const operand of rest) {
      value = this.argument(dot, operand, 'value');
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final ? final.value : value;
  }

  private checkCount(
    name: GoString,
    { length }: readonly ParameterType[],
    variadic: ParameterType | undefined,
    rest: readonly Operand[],
    final: Final,
  ): void {
    const count = rest.length + (final ? 1 : 0);
    if (variadic && count < length) this.wrongNumber(name, `at least ${length}`, rest.length);
    if (!variadic && count !== length) this.wrongNumber(name, String(length), count);
  }

  private arguments(
    dot: MaybeValue,
    parameters: readonly ParameterType[],
    variadic: ParameterType | undefined,
    rest: readonly Operand[],
    final: Final,
  ): MaybeValue[] {
    const typeOf = (index: number): ParameterType => parameters[index] ?? variadic ?? 'any';
    const values = rest.map((operand, index) => this.argument(dot, operand, typeOf(index)));
    return final ? [...values, this.validated(final.value, typeOf(values.length))] : values;
  }

  private wrongNumber(name: GoString, wanted: string, got: number): never {
    this.fail(`wrong number of args for ${name}: want ${wanted} got ${got}`);
  }

  /** @param type of the parameter; without it any value is fine */
  private argument(dot: MaybeValue, operand: Operand, type?: ParameterType): MaybeValue {
    this.at(operand);
    switch (operand.kind) {
      case 'dot':
        return this.validated(dot, type);
      case 'nil':
        return type === 'string' ? this.fail('cannot assign nil to string') : undefined;
      case 'field':
        return this.validated(this.fields(dot, dot, operand.path, [], undefined), type);
      case 'variable':
        return this.validated(this.variable(dot, operand, [], undefined), type);
      case 'pipe':
        return this.validated(this.pipeline(dot, operand), type);
      case 'identifier':
        return this.validated(this.function(dot, operand, operand, [], undefined), type);
      case 'chain':
        return this.validated(this.chain(dot, operand, [], undefined), type);
      default:
        if (type === 'string' && operand.kind !== 'string') {
          this.fail(`expected string; found ${nodeText(operand)}`);
        }
        return this.plain(dot, operand);
    }
  }

  private validated(value: MaybeValue, type: ParameterType | undefined): MaybeValue {
    if (type !== 'string' || typeof value === 'string') return value;
    if (value === undefined) this.fail(`invalid value; expected ${TYPE_NAMES.string}`);
    return this.fail(`wrong type for value; expected ${TYPE_NAMES.string}; got ${typeName(value)}`);
  }
}

/** What `call` names the callee in its errors. */
function calleeName([first]: readonly Operand[], final: Final): GoString {
  if (first) return nodeText(first);
  const value = final?.value;
  if (typeof value === 'string') return value;
  return value === undefined ? '<invalid Value>' : `<${typeName(value)} Value>`;
}
