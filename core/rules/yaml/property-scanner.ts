import { fromGoString } from '../../kube/go-string';
import { type Cursor } from './cursor';
import { type Mark, YamlError } from './mark';
import { type NamedToken, type TagDirectiveToken, type TagToken, type VersionToken } from './token';

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-';
const URI = `${ALPHANUMERIC};/?:@&=+$,.!~*'()[]`;
const DIGITS = '0123456789';
const LONGEST_VERSION = 2;

function readWhile(cursor: Cursor, characters: string): string {
  let text = '';
  while (cursor.is(characters)) text += cursor.read();
  return text;
}

/** `&name` or `*name` */
export function scanAnchor(cursor: Cursor, type: NamedToken['type']): NamedToken {
  const start = cursor.mark;
  cursor.skip();
  const value = readWhile(cursor, ALPHANUMERIC);
  if (value === '' || !(cursor.isBlankOrEnd() || cursor.is('?:,]}%@`'))) {
    throw new YamlError('did not find expected alphabetic or numeric character', cursor.mark);
  }
  return { type, start, end: cursor.mark, value };
}

/** `!suffix`, `!!suffix`, `!handle!suffix` or `!<uri>` */
export function scanTag(cursor: Cursor): TagToken {
  const start = cursor.mark;
  const { handle, suffix } = cursor.peek(1) === '<' ? verbatimTag(cursor) : shorthandTag(cursor);
  if (!cursor.isBlankOrEnd()) {
    throw new YamlError('did not find expected whitespace or line break', cursor.mark);
  }
  return { type: 'tag', start, end: cursor.mark, handle, suffix };
}

function verbatimTag(cursor: Cursor): { handle: string; suffix: string } {
  cursor.skip(2);
  const suffix = scanUri(cursor, '');
  if (cursor.peek() !== '>') throw new YamlError("did not find the expected '>'", cursor.mark);
  cursor.skip();
  return { handle: '', suffix };
}

function shorthandTag(cursor: Cursor): { handle: string; suffix: string } {
  const handle = scanTagHandle(cursor, false);
  if (handle.length > 1 && handle.endsWith('!')) return { handle, suffix: scanUri(cursor, '') };
  const suffix = scanUri(cursor, handle);
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

function scanTagHandle(cursor: Cursor, directive: boolean): string {
  if (cursor.peek() !== '!') throw new YamlError("did not find expected '!'", cursor.mark);
  const handle = cursor.read() + readWhile(cursor, ALPHANUMERIC);
  if (cursor.peek() === '!') return handle + cursor.read();
  if (directive && handle !== '!') throw new YamlError("did not find expected '!'", cursor.mark);
  return handle;
}

/** @param head what was read of it already, with one character before it */
function scanUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  let found = head !== '';
  while (cursor.is(URI) || cursor.peek() === '%') {
    uri += cursor.peek() === '%' ? scanUriEscape(cursor) : cursor.read();
    found = true;
  }
  if (!found) throw new YamlError('did not find expected tag URI', cursor.mark);
  return uri;
}

/** The UTF-8 of one character, byte by byte. */
function scanUriEscape(cursor: Cursor): string {
  let bytes = '';
  let width = 1;
  while (bytes.length < width) {
    const digits = cursor.peek(1) + cursor.peek(2);
    if (cursor.peek() !== '%' || !/^[0-9a-fA-F]{2}$/.test(digits)) {
      throw new YamlError('did not find URI escaped octet', cursor.mark);
    }
    const byte = Number.parseInt(digits, 16);
    if (bytes === '') width = leadingWidth(byte, cursor.mark);
    bytes += String.fromCharCode(byte);
    cursor.skip(3);
  }
  const text = fromGoString(bytes);
  if (text === undefined) throw new YamlError('found an incorrect trailing UTF-8 octet', cursor.mark);
  return text;
}

function leadingWidth(byte: number, mark: Mark): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc0 && byte < 0xf8) return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  throw new YamlError('found an incorrect leading UTF-8 octet', mark);
}

/** `%YAML 1.1` or `%TAG ! prefix` on a line of its own. */
export function scanDirective(cursor: Cursor): VersionToken | TagDirectiveToken {
  const start = cursor.mark;
  cursor.skip();
  const name = readWhile(cursor, ALPHANUMERIC);
  if (name === '') throw new YamlError('could not find expected directive name', cursor.mark);
  if (!cursor.isBlankOrEnd()) throw new YamlError('found unexpected non-alphabetical character', cursor.mark);
  if (name !== 'YAML' && name !== 'TAG') throw new YamlError('found unknown directive name', cursor.mark);
  cursor.skipBlanks();
  const value = name === 'YAML' ? version(cursor) : tagDirective(cursor);
  const token = { ...value, start, end: cursor.mark };
  cursor.skipToBreak();
  if (!cursor.isBreakOrEnd()) throw new YamlError('did not find expected comment or line break', cursor.mark);
  cursor.skipLine();
  return token;
}

function version(cursor: Cursor): Pick<VersionToken, 'type' | 'version'> {
  const major = versionNumber(cursor);
  if (cursor.peek() !== '.') {
    throw new YamlError("did not find expected digit or '.' character", cursor.mark);
  }
  cursor.skip();
  return { type: 'versionDirective', version: `${major}.${versionNumber(cursor)}` };
}

function versionNumber(cursor: Cursor): number {
  const digits = readWhile(cursor, DIGITS);
  if (digits.length > LONGEST_VERSION) {
    throw new YamlError('found extremely long version number', cursor.mark);
  }
  if (digits === '') throw new YamlError('did not find expected version number', cursor.mark);
  return Number(digits);
}

function tagDirective(cursor: Cursor): Pick<TagDirectiveToken, 'type' | 'handle' | 'prefix'> {
  const handle = scanTagHandle(cursor, true);
  if (!cursor.isBlank()) throw new YamlError('did not find expected whitespace', cursor.mark);
  cursor.skipBlanks();
  const prefix = scanUri(cursor, '');
  if (!cursor.isBlankOrEnd()) {
    throw new YamlError('did not find expected whitespace or line break', cursor.mark);
  }
  return { type: 'tagDirective', handle, prefix };
}
