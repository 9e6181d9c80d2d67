import { decodeRune, type GoString } from '../../kube/go-string';
import { quote } from '../../kube/go-string-quote';

/** What the lexer tells apart; keywords are types of their own. */
export type ItemType =
  | 'error'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'comment'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'EOF'
  | 'field'
  | 'identifier'
  | 'leftDelim'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelim'
  | 'rightParen'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | Keyword;

type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'dot'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['.', 'dot'],
  ['block', 'block'],
  ['break', 'break'],
  ['continue', 'continue'],
  ['define', 'define'],
  ['else', 'else'],
  ['end', 'end'],
  ['if', 'if'],
  ['nil', 'nil'],
  ['range', 'range'],
  ['template', 'template'],
  ['with', 'with'],
]);
const KEYWORD_TYPES: ReadonlySet<ItemType> = new Set(KEYWORDS.values());
/** Runes of an item that an error shows. */
const SHOWN = 10;

/** A piece of a template. */
export interface Item {
  readonly type: ItemType;
  /** Its first byte. */
  readonly position: number;
  /** As written; of an error its text. */
  readonly value: GoString;
  /** Line on which it begins, from 1. */
  readonly line: number;
}

/** An item as errors show it. */
export function itemText({ type, value }: Item): GoString {
  if (type === 'EOF') return 'EOF';
  if (type === 'error') return value;
  if (KEYWORD_TYPES.has(type)) return `<${value}>`;
  return value.length > SHOWN ? `${quote(firstRunes(value, SHOWN))}...` : quote(value);
}

function firstRunes(text: GoString, count: number): GoString {
  let end = 0;
  for (let seen = 0; seen < count && end < text.length; seen += 1) end += decodeRune(text, end).width;
  return text.slice(0, end);
}
