import { type GoString } from '../../kube/go-string';
import { type BranchNode, type ListNode, type Node, type TemplateNode } from './ast';
import { Evaluator, type Source } from './evaluator';
import { checkDepth, checkOutput, checkSteps } from './limits';
import { type Definitions } from './parser';
import { sprint } from './printf';
import { quote } from '../../kube/go-string-quote';
import { GoByte, GoMap, GoSlice, isTrue, type MaybeValue } from './value';

/** How a list ended: at its end, or by leaving a loop or its turn. */
type Exit = 'break' | 'continue' | undefined;

/** What all templates of one execution share. */
interface Shared {
  readonly source: Source;
  readonly definitions: Definitions;
  output: GoString;
  steps: number;
  /** Lists that are being walked, one inside another. */
  depth: number;
}

/**
 * Executes a template on a value.
 * @returns what it prints
 * @throws TemplateError with Go's message
 * @throws NotSupportedError beyond the limits of `limits.ts`
 */
export function execute(source: Source, definitions: Definitions, data: MaybeValue): GoString {
  const shared: Shared = { source, definitions, output: '', steps: 0, depth: 0 };
  const root = definitions.get(source.name);
  if (root) new Execution(shared, source.name, data).list(data, root);
  return shared.output;
}

/** One template at work, with its own variables. */
class Execution {
  private readonly evaluator: Evaluator;

  constructor(
    private readonly shared: Shared,
    name: GoString,
    data: MaybeValue,
  ) {
    this.evaluator = new Evaluator(shared.source, name, data);
  }

  list(dot: MaybeValue, { nodes }: ListNode): Exit {
    checkDepth((this.shared.depth += 1));
    let exit: Exit;
    for (const node of nodes) {
      exit = this.walk(dot, node);
      if (exit) break;
    }
    this.shared.depth -= 1;
    return exit;
  }

  private walk(dot: MaybeValue, node: Node): Exit {
    checkSteps((this.shared.steps += 1));
    switch (node.kind) {
      case 'text':
        this.write(node.text);
        return undefined;
      case 'action': {
        const value = this.evaluator.pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.write(printed(value));
        return undefined;
      }
      case 'if':
      case 'with':
        return this.ifOrWith(dot, node);
      case 'range':
        return this.range(dot, node);
      case 'template':
        return this.call(dot, node);
      case 'break':
      case 'continue':
        return node.kind;
    }
  }

  private ifOrWith(dot: MaybeValue, { kind, pipe, list, elseList }: BranchNode): Exit {
    const mark = this.evaluator.mark();
    const value = this.evaluator.pipeline(dot, pipe);
    let exit: Exit;
    if (isTrue(value)) exit = this.list(kind === 'with' ? value : dot, list);
    else if (elseList) exit = this.list(dot, elseList);
    this.evaluator.pop(mark);
    return exit;
  }

  private range(dot: MaybeValue, node: BranchNode): Exit {
    const { evaluator } = this;
    const outer = evaluator.mark();
    const value = evaluator.pipeline(dot, node.pipe);
    let ran = false;
    let exit: Exit;
    for (const [index, element] of this.elements(value, node)) {
      ran = true;
      if (this.turn(index, element, node) === 'break') break;
    }
    if (!ran && node.elseList) exit = this.list(dot, node.elseList);
    evaluator.pop(outer);
    return exit;
  }

  private turn(index: MaybeValue, element: MaybeValue, { pipe, list }: BranchNode): Exit {
    const { evaluator } = this;
    const [first, second] = pipe.variables;
    if (pipe.isAssignment) {
      if (first) evaluator.set(first.path[0] ?? '', second ? index : element);
      if (second) evaluator.set(second.path[0] ?? '', element);
    } else {
      if (first) evaluator.setTop(0, element);
      if (second) evaluator.setTop(1, index);
    }
    const mark = evaluator.mark();
    const exit = this.list(element, list);
    evaluator.pop(mark);
    return exit;
  }

  /** Indexes or keys, and elements. An integer is counted up to. */
  private *elements(value: MaybeValue, { pipe }: BranchNode): Generator<readonly [MaybeValue, MaybeValue]> {
    if (value instanceof GoSlice) {
      yield* value.items.map((item, index) => [BigInt(index), item] as const);
    } else if (value instanceof GoMap) {
      yield* value.sorted;
    } else if (typeof value === 'bigint' || value instanceof GoByte) {
      if (pipe.variables.length > 1) {
        this.evaluator.fail(`can't use ${sprint([value])} to iterate over more than one variable`);
      }
      yield* counted(value);
    } else if (value !== undefined) {
      this.evaluator.fail(`range can't iterate over ${sprint([value])}`);
    }
  }

  private call(dot: MaybeValue, node: TemplateNode): Exit {
    this.evaluator.at(node);
    const { name, pipe } = node;
    const list =
      this.shared.definitions.get(name) ?? this.evaluator.fail(`template ${quote(name)} not defined`);
    const value = pipe ? this.evaluator.pipeline(dot, pipe) : undefined;
    new Execution(this.shared, name, value).list(value, list);
    return undefined;
  }

  private write(text: GoString): void {
    checkOutput(this.shared.output.length + text.length);
    this.shared.output += text;
  }
}

function printed(value: MaybeValue): GoString {
  return value === undefined ? '<no value>' : sprint([value]);
}

function* counted(limit: bigint | GoByte): Generator<readonly [MaybeValue, MaybeValue]> {
  if (limit instanceof GoByte) {
    for (let value = 0; value < limit.value; value += 1) yield [undefined, new GoByte(value)];
  } else {
    for (let value = 0n; value < limit; value += 1n) yield [undefined, value];
  }
}
