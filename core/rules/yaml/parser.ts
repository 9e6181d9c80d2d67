import { NotSupportedError } from '../../errors';
import { type Mark, YamlError } from './mark';
import { type YamlAlias, type YamlMapping, type YamlNode, type YamlScalar, type YamlSequence } from './node';
import { Scanner } from './scanner';
import { type Token, type TokenType } from './token';

/** The first document of a text, and where more begins that nobody reads. */
export interface YamlDocument {
  /** Absent if the text holds no document. */
  readonly root?: YamlNode | undefined;
  readonly ignored?: Mark | undefined;
}

/** Go's own limits are 10,000; no real file comes near. */
const MAX_DEPTH = 500;
const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
]);
const DIRECTIVES: readonly TokenType[] = ['versionDirective', 'tagDirective'];

/** What stands before a node: an anchor, a tag. */
interface Properties {
  readonly start: Mark;
  readonly anchor: string;
  readonly tag: string;
}

/**
 * Reads the first document of a text as yaml.v2 does (`parserc.go`): further documents are not looked at.
 * @throws YamlError if it is no YAML 1.1 to libyaml
 * @throws NotSupportedError if it is nested too deeply
 */
export function parseYaml(text: string): YamlDocument {
  return new Parser(new Scanner(text)).document();
}

class Parser {
  private readonly anchors = new Map<string, YamlNode>();
  private handles = DEFAULT_HANDLES;
  private depth = 0;

  constructor(private readonly scanner: Scanner) {}

  document(): YamlDocument {
    this.expect(['streamStart'], 'did not find expected <stream-start>');
    const { type } = this.scanner.peek();
    if (type === 'streamEnd') return {};
    let root: YamlNode;
    if (DIRECTIVES.includes(type) || type === 'documentStart') {
      this.directives();
      this.expect(['documentStart'], 'did not find expected <document start>');
      root = this.content();
    } else {
      root = this.node({ block: true });
    }
    if (this.scanner.peek().type === 'documentEnd') this.scanner.skip();
    return { root, ignored: this.rest() };
  }

  private content(): YamlNode {
    const { type, start } = this.scanner.peek();
    const isEmpty = [...DIRECTIVES, 'documentStart', 'documentEnd', 'streamEnd'].includes(type);
    return isEmpty ? emptyScalar(start) : this.node({ block: true });
  }

  /** Where something begins after the document; what it is does not matter. */
  private rest(): Mark | undefined {
    try {
      while (this.scanner.peek().type === 'documentEnd') this.scanner.skip();
      const { type, start } = this.scanner.peek();
      return type === 'streamEnd' ? undefined : start;
    } catch (error) {
      if (error instanceof YamlError) return error.mark;
      throw error;
    }
  }

  private directives(): void {
    const handles = new Map<string, string>();
    let versions = 0;
    for (;;) {
      const token = this.scanner.peek();
      if (token.type === 'versionDirective') {
        versions += 1;
        if (versions > 1) throw new YamlError('found duplicate %YAML directive', token.start);
        if (token.version !== '1.1') throw new YamlError('found incompatible YAML document', token.start);
      } else if (token.type === 'tagDirective') {
        if (handles.has(token.handle)) throw new YamlError('found duplicate %TAG directive', token.start);
        handles.set(token.handle, token.prefix);
      } else {
        break;
      }
      this.scanner.skip();
    }
    this.handles = new Map([...DEFAULT_HANDLES, ...handles]);
  }

  /**
   * @param block whether a block collection may stand there
   * @param indentless whether a sequence may that is not indented
   */
  private node({ block, indentless = false }: { block: boolean; indentless?: boolean }): YamlNode {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new NotSupportedError(`YAML nested more than ${MAX_DEPTH} deep`);
    const token = this.scanner.peek();
    const node = token.type === 'alias' ? this.alias(token) : this.withProperties(block, indentless);
    this.depth -= 1;
    return node;
  }

  private alias({ value: anchor, start }: Extract<Token, { value: string }>): YamlAlias {
    const target = this.anchors.get(anchor);
    if (!target) throw new YamlError(`unknown anchor '${anchor}' referenced`, start);
    this.scanner.skip();
    return { kind: 'alias', start, anchor, target };
  }

  private withProperties(block: boolean, indentless: boolean): YamlNode {
    const properties = this.properties();
    const { start } = properties;
    const token = this.scanner.peek();
    if (indentless && token.type === 'blockEntry') {
      return this.filled(properties, { kind: 'sequence', start, items: [] }, this.indentlessItems.bind(this));
    }
    switch (token.type) {
      case 'scalar':
        return this.scalar(properties, token.value, token.plain);
      case 'flowSequenceStart':
        return this.filled(properties, { kind: 'sequence', start, items: [] }, this.flowItems.bind(this));
      case 'flowMappingStart':
        return this.filled(properties, { kind: 'mapping', start, entries: [] }, this.flowEntries.bind(this));
      case 'blockSequenceStart':
        if (!block) break;
        return this.filled(properties, { kind: 'sequence', start, items: [] }, this.blockItems.bind(this));
      case 'blockMappingStart':
        if (!block) break;
        return this.filled(properties, { kind: 'mapping', start, entries: [] }, this.blockEntries.bind(this));
      default:
    }
    const { anchor, tag } = properties;
    if (anchor === '' && tag === '') throw new YamlError('did not find expected node content', token.start);
    return this.anchored(anchor, { kind: 'scalar', start, value: '', tag, implicit: tag === '' });
  }

  private scalar({ start, anchor, tag }: Properties, value: string, plain: boolean): YamlScalar {
    const implicit = (tag === '' && plain) || tag === '!';
    const node = this.anchored(anchor, { kind: 'scalar', start, value, tag, implicit } as const);
    this.scanner.skip();
    return node;
  }

  /** A collection is known by its anchor before it is complete. */
  private filled<Node extends YamlNode>(
    { anchor }: Properties,
    node: Node,
    fill: (node: Node) => void,
  ): Node {
    fill(this.anchored(anchor, node));
    return node;
  }

  private anchored<Node extends YamlNode>(anchor: string, node: Node): Node {
    if (anchor !== '') this.anchors.set(anchor, node);
    return node;
  }

  /** An anchor and a tag, in either order. */
  private properties(): Properties {
    const { start } = this.scanner.peek();
    const before = this.anchor();
    const tag = this.tag(start);
    const anchor = before === '' && tag !== '' ? this.anchor() : before;
    return { start, anchor, tag };
  }

  private anchor(): string {
    const token = this.scanner.peek();
    if (token.type !== 'anchor') return '';
    this.scanner.skip();
    return token.value;
  }

  private tag(start: Mark): string {
    const token = this.scanner.peek();
    if (token.type !== 'tag') return '';
    this.scanner.skip();
    if (token.handle === '') return token.suffix;
    const prefix = this.handles.get(token.handle);
    if (prefix === undefined) throw new YamlError('found undefined tag handle', start);
    return prefix + token.suffix;
  }

  private blockItems({ items }: YamlSequence): void {
    this.scanner.skip();
    while (this.scanner.peek().type === 'blockEntry') this.blockItem(items, ['blockEntry', 'blockEnd']);
    this.expect(['blockEnd'], "did not find expected '-' indicator");
  }

  private indentlessItems({ items }: YamlSequence): void {
    while (this.scanner.peek().type === 'blockEntry') {
      this.blockItem(items, ['blockEntry', 'key', 'value', 'blockEnd']);
    }
  }

  private blockItem(items: YamlNode[], nothing: readonly TokenType[]): void {
    const { end } = this.scanner.peek();
    this.scanner.skip();
    items.push(this.nodeUnless(nothing, { block: true }, end));
  }

  private blockEntries({ entries }: YamlMapping): void {
    const nothing = ['key', 'value', 'blockEnd'] as const;
    const place = { block: true, indentless: true };
    this.scanner.skip();
    while (this.scanner.peek().type === 'key') {
      const { end } = this.scanner.peek();
      this.scanner.skip();
      const key = this.nodeUnless(nothing, place, end);
      const value = this.scanner.peek();
      if (value.type === 'value') this.scanner.skip();
      entries.push([
        key,
        value.type === 'value' ? this.nodeUnless(nothing, place, value.end) : emptyScalar(value.start),
      ]);
    }
    this.expect(['blockEnd'], 'did not find expected key');
  }

  private flowItems({ items }: YamlSequence): void {
    this.flowCollection('flowSequenceEnd', "did not find expected ',' or ']'", () => {
      const token = this.scanner.peek();
      if (token.type !== 'key') {
        items.push(this.node({ block: false }));
        return;
      }
      this.scanner.skip();
      const entries: YamlMapping['entries'] = [];
      items.push({ kind: 'mapping', start: token.start, entries });
      const key = this.flowItemKey();
      entries.push([key, this.flowValue(['flowEntry', 'flowSequenceEnd'])]);
    });
  }

  /** Where there is none, libyaml takes the next token for it. */
  private flowItemKey(): YamlNode {
    const token = this.scanner.peek();
    if (!['value', 'flowEntry', 'flowSequenceEnd'].includes(token.type)) return this.node({ block: false });
    this.scanner.skip();
    return emptyScalar(token.end);
  }

  private flowEntries({ entries }: YamlMapping): void {
    const nothing = ['flowEntry', 'flowMappingEnd'] as const;
    this.flowCollection('flowMappingEnd', "did not find expected ',' or '}'", () => {
      const token = this.scanner.peek();
      if (token.type !== 'key') {
        const key = this.node({ block: false });
        entries.push([key, emptyScalar(this.scanner.peek().start)]);
        return;
      }
      this.scanner.skip();
      const key = this.nodeUnless(['value', ...nothing], { block: false }, token.end);
      entries.push([key, this.flowValue(nothing)]);
    });
  }

  /** What `:` stands before, if it is there. */
  private flowValue(nothing: readonly TokenType[]): YamlNode {
    const token = this.scanner.peek();
    if (token.type !== 'value') return emptyScalar(token.start);
    this.scanner.skip();
    return this.nodeUnless(nothing, { block: false }, token.start);
  }

  private flowCollection(end: TokenType, refusal: string, element: () => void): void {
    this.scanner.skip();
    for (let first = true; this.scanner.peek().type !== end; first = false) {
      if (!first) {
        this.expect(['flowEntry'], refusal);
        if (this.scanner.peek().type === end) break;
      }
      element();
    }
    this.scanner.skip();
  }

  private nodeUnless(
    nothing: readonly TokenType[],
    place: { block: boolean; indentless?: boolean },
    empty: Mark,
  ): YamlNode {
    return nothing.includes(this.scanner.peek().type) ? emptyScalar(empty) : this.node(place);
  }

  private expect(types: readonly TokenType[], refusal: string): void {
    const { type, start } = this.scanner.peek();
    if (!types.includes(type)) throw new YamlError(refusal, start);
    this.scanner.skip();
  }
}

function emptyScalar(start: Mark): YamlScalar {
  return { kind: 'scalar', start, value: '', tag: '', implicit: true };
}
