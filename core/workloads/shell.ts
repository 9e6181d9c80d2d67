import { NotSupportedError, UsageError } from '../errors';

const SHELLS = /(^|\/)(sh|bash|ash|dash)$/;
/**
 * A word in quotes of either kind, output that goes elsewhere, an operator or the end of a line, or plain characters, of
 * which a command substitution is one word.
 */
const TOKEN =
  /[^\S\n]*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|(\d*>>?\s*(?:&\d+|[^\s'"|;&<>]+))|(\|\||&&|[|;&<>\n])|(\$\([^()]*\)|[^\s'"|;&<>]+))/gy;
/** What a shell would replace by something else. */
const SPECIAL = /[$`(){}*]/;

/** A word of a script, or what stands between words. */
interface Token {
  readonly kind: 'word' | 'operator';
  readonly text: string;
  /** Whether the shell takes the word as it is. */
  readonly literal: boolean;
  /** Whether it is in no quotes, so that it may be a word of the shell's own. */
  readonly bare: boolean;
}

type Command = readonly string[];

/** Commands that a shell runs one after the other, again and again. */
export interface Script {
  /** How often; `Infinity` for ever. */
  readonly times: number;
  readonly commands: readonly Command[];
}

/**
 * The commands that a container's words run, each with the one before it writing to it: the words themselves, or what
 * `sh -c` makes of a script that is one pipeline.
 * @param owner names the container in errors
 * @throws NotSupportedError for a script that is more than a pipeline of plain words
 */
export function pipelineOf(words: readonly string[], owner: string): readonly Command[] {
  const script = scriptIn(words);
  if (script === undefined) return [words];
  const commands: string[][] = [[]];
  for (const token of tokensOf(script, owner)) {
    if (token.kind === 'word') commands.at(-1)?.push(plain(token, owner));
    else if (token.text === '|') commands.push([]);
    else if (token.text !== '\n' || commands.at(-1)?.length !== 0) throw unread(token, owner);
  }
  return commands;
}

/**
 * The commands that a container's words run: the words themselves, or those of the script of `sh -c`, with or without
 * one loop around them: `for NAME in WORDS`, `while true`, `while COMMAND` for a command that always succeeds.
 * @param owner names the container in errors
 * @throws UsageError for a range in braces in a shell that has none
 * @throws NotSupportedError for a script that is more than that, or uses variables
 */
export function scriptOf(words: readonly string[], owner: string): Script {
  const script = scriptIn(words);
  if (script === undefined) return { times: 1, commands: [words] };
  const tokens = tokensOf(script, owner);
  const [first, ...rest] = tokens;
  switch (first?.text) {
    case 'for':
      return forLoop(rest, /(^|\/)bash$/.test(words[0] ?? ''), owner);
    case 'while':
      return whileLoop(rest, owner);
    default:
      return { times: 1, commands: commandsOf(tokens, owner) };
  }
}

/** The first word that runs, without its folder: a program, or the beginning of a script's loop. */
export function firstWord(words: readonly string[]): string {
  const script = scriptIn(words);
  const word = script === undefined ? (words[0] ?? '') : (/\S+/.exec(script)?.[0] ?? '');
  return word.replace(/^.*\//, '');
}

function scriptIn([program = '', flag = '', script]: readonly string[]): string | undefined {
  return SHELLS.test(program) && /^-[a-z]*c$/.test(flag) ? script : undefined;
}

/** A script's tokens, without the ends of lines that separate nothing. */
function tokensOf(script: string, owner: string): readonly Token[] {
  const text = script.replaceAll('\\\n', ' ').trim();
  const tokens: Token[] = [];
  let end = 0;
  for (const [token, single, double, redirection, operator, bare] of text.matchAll(TOKEN)) {
    end += token.length;
    if (redirection !== undefined) continue;
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, literal: true, bare: true });
    else if (single !== undefined) tokens.push({ kind: 'word', text: single, literal: true, bare: false });
    else if (double !== undefined) tokens.push(doubleQuoted(double));
    else if (bare !== undefined)
      tokens.push({ kind: 'word', text: bare, literal: !SPECIAL.test(bare), bare: true });
  }
  if (text.slice(end).trim() !== '') {
    throw new NotSupportedError(`${owner}: the script of its shell cannot be read from "${text.slice(end)}"`);
  }
  return tokens;
}

/** Between double quotes a backslash takes their meaning from four characters. */
function doubleQuoted(text: string): Token {
  const literal = !/[$`]/.test(text.replace(/\\./gs, ''));
  return { kind: 'word', text: text.replace(/\\(["\\$`])/g, '$1'), literal, bare: false };
}

function forLoop(tokens: readonly Token[], isBash: boolean, owner: string): Script {
  const [, into, ...rest] = tokens;
  const until = rest.findIndex(isSeparator);
  if (into?.text !== 'in' || until < 0) throw unread(into, owner);
  const times = rest.slice(0, until).reduce((sum, word) => sum + wordsIn(word, isBash, owner), 0);
  return { times, commands: loopBody(rest.slice(until), owner) };
}

/** How many words the shell makes of one. */
function wordsIn(token: Token, isBash: boolean, owner: string): number {
  const { text } = token;
  const range = /^\{(-?\d+)\.\.(-?\d+)\}$/.exec(text);
  if (range && !isBash) {
    throw new UsageError(
      `${owner}: its shell takes ${text} for one word, so that the loop runs once; write $(seq ${range[1]} ${range[2]})`,
    );
  }
  if (range) return Math.abs(Number(range[2]) - Number(range[1])) + 1;
  const sequence = /^\$\(\s*seq((?:\s+-?\d+){1,3})\s*\)$/.exec(text);
  if (sequence) return sequenceLength((sequence[1] ?? '').trim().split(/\s+/).map(Number));
  plain(token, owner);
  return 1;
}

/** `seq LAST`, `seq FIRST LAST`, `seq FIRST INCREMENT LAST`. */
function sequenceLength(numbers: readonly number[]): number {
  const last = numbers.at(-1) ?? 0;
  const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1;
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1;
  return Math.max(0, Math.floor((last - first) / step) + 1);
}

function whileLoop(tokens: readonly Token[], owner: string): Script {
  const until = tokens.findIndex(isSeparator);
  const condition = commandsOf(tokens.slice(0, Math.max(0, until)), owner);
  return {
    times: Number.POSITIVE_INFINITY,
    commands: [...condition, ...loopBody(tokens.slice(Math.max(0, until)), owner)],
  };
}

/** What stands between `do` and a `done` that ends the script. */
function loopBody(tokens: readonly Token[], owner: string): readonly Command[] {
  const rest = withoutSeparators(tokens);
  const [first] = rest;
  if (first?.text !== 'do') throw unread(first, owner);
  const done = rest.findIndex(
    ({ text, bare }, index) => bare && text === 'done' && rest[index - 1]?.kind === 'operator',
  );
  const [after] = withoutSeparators(rest.slice(done + 1));
  if (done < 0 || after) throw unread(done < 0 ? first : after, owner);
  return commandsOf(rest.slice(1, done), owner);
}

/** Commands one after the other; anything else between them is refused. */
function commandsOf(tokens: readonly Token[], owner: string): readonly Command[] {
  const commands: string[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'word') commands.at(-1)?.push(plain(token, owner));
    else if (isSeparator(token)) commands.push([]);
    else throw unread(token, owner);
  }
  return commands.filter((command) => command.length > 0);
}

function withoutSeparators(tokens: readonly Token[]): readonly Token[] {
  const from = tokens.findIndex((token) => !isSeparator(token));
  return from < 0 ? [] : tokens.slice(from);
}

function isSeparator({ kind, text }: Token): boolean {
  return kind === 'operator' && (text === ';' || text === '\n');
}

function plain(token: Token, owner: string): string {
  if (!token.literal) throw unread(token, owner);
  return token.text;
}

function unread(token: Token | undefined, owner: string): NotSupportedError {
  const text = token?.text === '\n' ? 'a second line' : `"${token?.text ?? ''}"`;
  return new NotSupportedError(`${owner}: ${text} in the script of its shell`);
}
