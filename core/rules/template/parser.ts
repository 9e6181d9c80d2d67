import { type GoString } from '../../kube/go-string';
import {
  type BranchNode,
  isEmpty,
  type ListNode,
  type LoopExitNode,
  type Node,
  type PipeNode,
  type TemplateNode,
} from './ast';
import { type Item } from './item';
import { Lexer } from './lexer';
import { checkDepth } from './limits';
import { PipelineParser } from './pipeline-parser';
import { quote, unquote } from '../../kube/go-string-quote';
import { TokenStream } from './token-stream';

/** The templates of a text by their names: itself, and what it defines. */
export type Definitions = ReadonlyMap<GoString, ListNode>;

/**
 * Parses a template and those that it defines (text/template/parse `parse.go`).
 * @param name of the template, as errors show it
 * @throws TemplateError with Go's message, if Go would not accept it
 * @throws NotSupportedError on an imaginary number, or what is nested too deeply
 */
export function parseTemplate(name: GoString, source: GoString): Definitions {
  const definitions = new Map<GoString, ListNode>();
  new DefinitionParser(new Lexer(source), name, name, definitions).main();
  return definitions;
}

/** `<<end>>` and `<<else>>`, which end a list and are no nodes. */
interface Terminator {
  readonly kind: 'end' | 'else';
  readonly position: number;
}

/** Parses one definition: the text itself, a `define` or a `block`. They share the lexer. */
class DefinitionParser {
  private readonly tokens: TokenStream;
  private readonly pipelines: PipelineParser;
  private loops = 0;

  constructor(
    private readonly lexer: Lexer,
    /** As errors show it: that of the text. */
    private readonly parseName: GoString,
    private readonly name: GoString,
    private readonly definitions: Map<GoString, ListNode>,
    private depth = 0,
  ) {
    checkDepth(depth);
    this.tokens = new TokenStream(lexer, parseName);
    this.pipelines = new PipelineParser(this.tokens);
  }

  main(): void {
    const { tokens } = this;
    const root: ListNode = { position: tokens.peek().position, nodes: [] };
    while (tokens.peek().type !== 'EOF') {
      if (tokens.peek().type === 'leftDelim') {
        const delimiter = tokens.next();
        if (tokens.nextNonSpace().type === 'define') {
          this.nested('definition').definition();
          continue;
        }
        tokens.backUp2(delimiter);
      }
      const node = this.textOrAction();
      if (isTerminator(node)) return tokens.fail(`unexpected ${terminatorText(node)}`);
      root.nodes.push(node);
    }
    this.add(this.name, root);
  }

  private definition(): void {
    const context = 'define clause';
    const name = this.templateName(this.tokens.expect(['string', 'rawString'], context));
    this.tokens.expect(['rightDelim'], context);
    this.add(name, this.body(this.tokens, context));
  }

  /** A list up to its `end`. @param reporter whose line an error has */
  private body(reporter: TokenStream, context: string): ListNode {
    const { list, terminator } = this.itemList();
    if (terminator.kind !== 'end') reporter.fail(`unexpected ${terminatorText(terminator)} in ${context}`);
    return list;
  }

  private nested(name: GoString): DefinitionParser {
    return new DefinitionParser(this.lexer, this.parseName, name, this.definitions, this.depth + 1);
  }

  /** An empty definition gives way to any other. */
  private add(name: GoString, root: ListNode): void {
    const known = this.definitions.get(name);
    if (!known || isEmpty(known)) this.definitions.set(name, root);
    else if (!isEmpty(root)) this.tokens.fail(`template: multiple definition of template ${quote(name)}`);
  }

  private itemList(): { list: ListNode; terminator: Terminator } {
    const list: ListNode = { position: this.tokens.peekNonSpace().position, nodes: [] };
    while (this.tokens.peekNonSpace().type !== 'EOF') {
      const node = this.textOrAction();
      if (isTerminator(node)) return { list, terminator: node };
      list.nodes.push(node);
    }
    return this.tokens.fail('unexpected EOF');
  }

  private textOrAction(): Node | Terminator {
    const item = this.tokens.nextNonSpace();
    if (item.type === 'text') return { kind: 'text', position: item.position, text: item.value };
    if (item.type !== 'leftDelim') return this.tokens.unexpected(item, 'input');
    this.tokens.actionLine = item.line;
    const node = this.action();
    this.tokens.actionLine = 0;
    return node;
  }

  private action(): Node | Terminator {
    const item = this.tokens.nextNonSpace();
    switch (item.type) {
      case 'block':
        return this.block();
      case 'break':
      case 'continue':
        return this.loopExit(item, item.type);
      case 'else':
        return this.elseControl();
      case 'end':
        return { kind: 'end', position: this.tokens.expect(['rightDelim'], 'end').position };
      case 'if':
      case 'range':
      case 'with':
        return this.branch(item.type);
      case 'template':
        return this.templateCall();
      default: {
        this.tokens.backUp();
        const { position } = this.tokens.peek();
        return { kind: 'action', position, pipe: this.pipelines.pipeline('command', 'rightDelim') };
      }
    }
  }

  private loopExit({ position }: Item, kind: LoopExitNode['kind']): LoopExitNode {
    const item = this.tokens.nextNonSpace();
    if (item.type !== 'rightDelim') this.tokens.unexpected(item, `{{${kind}}}`);
    if (this.loops === 0) this.tokens.fail(`{{${kind}}} outside {{range}}`);
    return { kind, position };
  }

  /** What follows an `else` directly is read as if it stood in an action of its own. */
  private elseControl(): Terminator {
    const { type, position } = this.tokens.peekNonSpace();
    if (type === 'if' || type === 'with') return { kind: 'else', position };
    return { kind: 'else', position: this.tokens.expect(['rightDelim'], 'else').position };
  }

  private branch(kind: BranchNode['kind']): BranchNode {
    checkDepth((this.depth += 1));
    const variables = this.pipelines.mark();
    const pipe = this.pipelines.pipeline(kind, 'rightDelim');
    if (kind === 'range') this.loops += 1;
    const { list, terminator } = this.itemList();
    if (kind === 'range') this.loops -= 1;
    const elseList = terminator.kind === 'else' ? this.elseList(kind, terminator) : undefined;
    this.pipelines.forget(variables);
    this.depth -= 1;
    return { kind, position: pipe.position, pipe, list, elseList };
  }

  private elseList(kind: BranchNode['kind'], { position }: Terminator): ListNode {
    if (kind !== 'range' && this.tokens.peek().type === kind) {
      this.tokens.next();
      return { position, nodes: [this.branch(kind)] };
    }
    const { list, terminator } = this.itemList();
    if (terminator.kind !== 'end') this.tokens.fail(`expected end; found ${terminatorText(terminator)}`);
    return list;
  }

  private block(): TemplateNode {
    const context = 'block clause';
    const item = this.tokens.nextNonSpace();
    const name = this.templateName(item, context);
    const pipe = this.pipelines.pipeline(context, 'rightDelim');
    const block = this.nested(name);
    block.add(name, block.body(this.tokens, context));
    return { kind: 'template', position: item.position, name, pipe };
  }

  private templateCall(): TemplateNode {
    const context = 'template clause';
    const item = this.tokens.nextNonSpace();
    const name = this.templateName(item, context);
    let pipe: PipeNode | undefined;
    if (this.tokens.nextNonSpace().type !== 'rightDelim') {
      this.tokens.backUp();
      pipe = this.pipelines.pipeline(context, 'rightDelim');
    }
    return { kind: 'template', position: item.position, name, pipe };
  }

  private templateName(item: Item, context = ''): GoString {
    if (item.type !== 'string' && item.type !== 'rawString') this.tokens.unexpected(item, context);
    return unquote(item.value) ?? this.tokens.fail('invalid syntax');
  }
}

function isTerminator(node: Node | Terminator): node is Terminator {
  return node.kind === 'end' || node.kind === 'else';
}

function terminatorText({ kind }: Terminator): string {
  return `{{${kind}}}`;
}
