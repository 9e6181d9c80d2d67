import { type GoString } from '../../kube/go-string';
import { type Item, itemText, type ItemType } from './item';
import { type Lexer } from './lexer';
import { TemplateError } from './template-error';

const NO_ITEM: Item = { type: 'error', position: 0, value: '', line: 0 };

/**
 * Items of one definition with three of look-ahead. It remembers the last item taken from the lexer, because that one
 * has the line of errors.
 */
export class TokenStream {
  private readonly items: [Item, Item, Item] = [NO_ITEM, NO_ITEM, NO_ITEM];
  private pending = 0;
  /** Line on which the current action begins; 0 between actions. */
  actionLine = 0;

  /** @param name names the template in errors */
  constructor(
    private readonly lexer: Lexer,
    readonly name: GoString,
  ) {}

  next(): Item {
    if (this.pending > 0) this.pending -= 1;
    else this.items[0] = this.lexer.next();
    return this.at(this.pending);
  }

  peek(): Item {
    if (this.pending > 0) return this.at(this.pending - 1);
    this.pending = 1;
    this.items[0] = this.lexer.next();
    return this.items[0];
  }

  nextNonSpace(): Item {
    for (;;) {
      const item = this.next();
      if (item.type !== 'space') return item;
    }
  }

  peekNonSpace(): Item {
    const item = this.nextNonSpace();
    this.backUp();
    return item;
  }

  backUp(): void {
    this.pending += 1;
  }

  /** Puts an item back before the one that was read last. */
  backUp2(item: Item): void {
    this.items[1] = item;
    this.pending = 2;
  }

  /** Puts two items back before the one that was read last. */
  backUp3(first: Item, second: Item): void {
    this.items[1] = second;
    this.items[2] = first;
    this.pending = 3;
  }

  expect(types: readonly ItemType[], context: string): Item {
    const item = this.nextNonSpace();
    if (!types.includes(item.type)) this.unexpected(item, context);
    return item;
  }

  /** @throws TemplateError always */
  fail(message: GoString): never {
    throw new TemplateError(`template: ${this.name}:${this.items[0].line}: ${message}`);
  }

  /** @throws TemplateError always */
  unexpected(item: Item, context: string): never {
    if (item.type !== 'error') this.fail(`unexpected ${itemText(item)} in ${context}`);
    const elsewhere = this.actionLine !== 0 && this.actionLine !== item.line;
    const started = `${item.value.endsWith(' action') ? '' : ' in action'} started at ${this.name}:${this.actionLine}`;
    this.fail(itemText(item) + (elsewhere ? started : ''));
  }

  private at(index: number): Item {
    return this.items[index] ?? NO_ITEM;
  }
}
