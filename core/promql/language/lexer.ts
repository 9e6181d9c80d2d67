import { scanNumberOrDuration } from './number-scanner';
import { ParseError } from './parse-error';
import { quoteRune, quoteString } from './quoting';
import { runeAt } from './runes';
import { type ScannedString, scanRawString, scanString } from './string-scanner';
import { type Token, type TokenKind } from './tokens';
import { DURATION_WORDS, FILL_WORDS, KEYWORDS } from './vocabulary';

const SPACES = /[ \t\n\r]*/y;
const COMMENT = /#[^\r\n]*/y;
const WORD = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const WORD_OR_METRIC = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LETTERS = /[a-zA-Z_]*/y;
/** Tried first, since it is what stands in most places. */
const OPERATORS_OUTSIDE = /[-+*/%^@]|==|!=|<[=/]?|>[=/]?/y;
const OPERATORS_IN_BRACES = /=~|!=|!~/y;
const OPERATORS_IN_DURATIONS = '+-*/%^';

/**
 * Splits an expression into tokens, one at a time, since errors of the lexer and of the parser come in the order of
 * the text. The rules and messages are those of `promql/parser/lex.go`; what is a token depends on the brackets around.
 */
export class Lexer {
  #position = 0;
  /** Where the token begins that is being read; errors are reported there. */
  #start = 0;
  #parentheses = 0;
  #inBraces = false;
  #inBrackets = false;
  /** Directly after `[` or an operator there: everything but a number is then read by rules of its own. */
  #inDuration = false;
  #sawColon = false;
  /** Whether any brackets before had a duration; Prometheus does not forget it. */
  #sawDuration = false;

  constructor(private readonly text: string) {}

  /**
   * The next token; the last one is of kind `end`.
   * @throws ParseError if there is none
   */
  next(): Token {
    if (this.#inDuration) return this.#nextInDuration();
    this.#skipSpacesAndComments();
    this.#start = this.#position;
    return this.#inBraces ? this.#nextInBraces() : this.#nextOutside();
  }

  #nextOutside(): Token {
    const character = this.#rune();
    if (character === '') return this.#endOfText();
    if (isLetter(character) || character === ':') {
      return this.#inBrackets ? this.#wordInBrackets(character) : this.#keywordOrIdentifier();
    }
    if (this.#atNumber(character)) return this.#numberOrDuration();
    if (this.#accept(OPERATORS_OUTSIDE)) return this.#token('operator');
    switch (character) {
      case '(':
      case ')':
        return this.#parenthesis(character);
      case ',':
        return this.#symbol();
      case '{':
        this.#inBraces = true;
        return this.#symbol();
      case '[':
      case ']':
        return this.#bracket(character);
      case '"':
      case "'":
      case '`':
        return this.#string(character);
      case '=':
      case '!':
        return this.#equalOrNot(character);
      default:
        return this.#fail(`unexpected character: ${quoteRune(character)}`);
    }
  }

  #endOfText(): Token {
    if (this.#parentheses !== 0) return this.#fail('unclosed left parenthesis');
    if (this.#inBrackets) return this.#fail('unclosed left bracket');
    return this.#token('end');
  }

  #equalOrNot(character: '=' | '!'): Token {
    const next = this.text.charAt(this.#position + 1);
    if (character === '=' && next !== '~') return this.#symbol();
    return this.#fail(`unexpected character after '${character}': ${this.#quoteRuneAt(this.#position + 1)}`);
  }

  #parenthesis(character: '(' | ')'): Token {
    const token = this.#symbol();
    this.#parentheses += character === '(' ? 1 : -1;
    if (this.#parentheses < 0) return this.#failAfter(token, "unexpected right parenthesis ')'");
    return token;
  }

  #bracket(character: '[' | ']'): Token {
    if (character === '[') {
      if (this.#inBrackets) return this.#fail("unexpected left bracket '['");
      this.#sawColon = false;
      this.#inDuration = true;
    } else if (!this.#inBrackets) {
      return this.#fail("unexpected right bracket ']'");
    }
    this.#inBrackets = character === '[';
    return this.#symbol();
  }

  /** Letters after a number in brackets. */
  #wordInBrackets(character: string): Token {
    if (character === ':') {
      if (this.#sawColon) return this.#fail("unexpected colon ':'");
      this.#sawColon = true;
      return this.#symbol();
    }
    const word = startsDurationWord(character) ? this.#durationWord() : undefined;
    return word ?? this.#fail(`unexpected character: ${quoteRune(character)}, expected ':'`);
  }

  #nextInDuration(): Token {
    this.#accept(SPACES);
    this.#start = this.#position;
    const character = this.#rune();
    if (character === '') return this.#fail('unexpected end of input in duration expression');
    if (OPERATORS_IN_DURATIONS.includes(character)) {
      this.#position++;
      return this.#token('operator');
    }
    if (this.#atNumber(character)) {
      this.#sawDuration = true;
      this.#inDuration = false;
      return this.#numberOrDuration();
    }
    const word = startsDurationWord(character) ? this.#durationWord() : undefined;
    return word ?? this.#symbolInDuration(character);
  }

  #symbolInDuration(character: string): Token {
    switch (character) {
      case '(':
      case ')':
        return this.#parenthesis(character);
      case ',':
        return this.#symbol();
      case ']':
        this.#inBrackets = false;
        this.#inDuration = false;
        this.#sawColon = false;
        return this.#symbol();
      case ':':
        return this.#colonInDuration();
      default:
        return this.#fail(`unexpected character in duration expression: ${quoteRune(character)}`);
    }
  }

  #colonInDuration(): Token {
    const token = this.#symbol();
    if (!this.#sawDuration) {
      return this.#failAfter(token, 'unexpected colon before duration in duration expression');
    }
    if (this.#sawColon) return this.#failAfter(token, 'unexpected repeated colon in duration expression');
    this.#sawColon = true;
    return token;
  }

  /** Inside braces, keywords are labels like all others. */
  #nextInBraces(): Token {
    const character = this.#rune();
    if (character === '') return this.#fail('unexpected end of input inside braces');
    if (this.#accept(WORD)) return this.#token('identifier');
    if (this.#accept(OPERATORS_IN_BRACES)) return this.#token('operator');
    switch (character) {
      case ',':
      case '=':
        return this.#symbol();
      case '}':
        this.#inBraces = false;
        return this.#symbol();
      case '"':
      case "'":
      case '`':
        return this.#string(character);
      case '{':
        return this.#fail("unexpected left brace '{'");
      case '!':
        return this.#fail(
          `unexpected character after '!' inside braces: ${this.#quoteRuneAt(this.#position + 1)}`,
        );
      default:
        return this.#fail(`unexpected character inside braces: ${quoteRune(character)}`);
    }
  }

  #keywordOrIdentifier(): Token {
    this.#accept(WORD_OR_METRIC);
    const text = this.text.slice(this.#start, this.#position);
    const word = text.toLowerCase();
    const kind = KEYWORDS.get(word);
    if (kind === undefined) return this.#token(text.includes(':') ? 'metricIdentifier' : 'identifier');
    if (kind === 'number' || (FILL_WORDS.has(word) && !this.#parenthesisFollows())) {
      return this.#token(kind === 'number' ? kind : 'identifier');
    }
    return { kind, text, word, start: this.#start, end: this.#position };
  }

  #parenthesisFollows(): boolean {
    SPACES.lastIndex = this.#position;
    SPACES.test(this.text);
    return this.text.charAt(SPACES.lastIndex) === '(';
  }

  #durationWord(): Token | undefined {
    this.#accept(LETTERS);
    const word = this.text.slice(this.#start, this.#position).toLowerCase();
    return DURATION_WORDS.has(word) ? { ...this.#token('preprocessor'), word } : undefined;
  }

  #numberOrDuration(): Token {
    const { kind, end } = scanNumberOrDuration(this.text, this.#start);
    if (kind === 'bad') {
      const bad = quoteString(this.text.slice(this.#start, end));
      return this.#fail(`bad number or duration syntax: ${bad}`);
    }
    this.#position = end;
    return this.#token(kind);
  }

  #atNumber(character: string): boolean {
    return isDigit(character) || (character === '.' && isDigit(this.text.charAt(this.#position + 1)));
  }

  #string(quote: string): Token {
    const scan: (text: string, start: number) => ScannedString = quote === '`' ? scanRawString : scanString;
    const scanned = scan(this.text, this.#start);
    if ('problem' in scanned) return this.#fail(scanned.problem);
    this.#position = scanned.end;
    return this.#token('string');
  }

  #symbol(): Token {
    this.#position++;
    return this.#token('symbol');
  }

  #token(kind: TokenKind): Token {
    const text = this.text.slice(this.#start, this.#position);
    const word = kind === 'symbol' || kind === 'operator' ? text : '';
    return { kind, text, word, start: this.#start, end: this.#position };
  }

  #skipSpacesAndComments(): void {
    do this.#accept(SPACES);
    while (this.#accept(COMMENT));
  }

  #accept(sticky: RegExp): boolean {
    sticky.lastIndex = this.#position;
    if (!sticky.test(this.text)) return false;
    this.#position = sticky.lastIndex;
    return true;
  }

  #rune(): string {
    return runeAt(this.text, this.#position);
  }

  /** Past the end, Prometheus prints the character that stands for none. */
  #quoteRuneAt(index: number): string {
    return quoteRune(runeAt(this.text, index) || '\ufffd');
  }

  #fail(problem: string): never {
    throw new ParseError(this.text, this.#start, problem);
  }

  #failAfter(token: Token, problem: string): never {
    throw new ParseError(this.text, token.end, problem);
  }
}

function isLetter(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character === '_'
  );
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function startsDurationWord(character: string): boolean {
  return /^[srmSRM]$/.test(character);
}
