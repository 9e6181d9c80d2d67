import { decodeRune, encodeRune, type GoString, isPrintable } from '../../kube/go-string';

const HTML: ReadonlyMap<string, string> = new Map([
  ['\0', encodeRune(0xfffd)],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);
const JS: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
  ['<', '\\u003C'],
  ['>', '\\u003E'],
  ['&', '\\u0026'],
  ['=', '\\u003D'],
]);

/** `template.HTMLEscapeString` */
export function htmlEscaped(text: GoString): GoString {
  return Array.from(text, (byte) => HTML.get(byte) ?? byte).join('');
}

/** `template.JSEscapeString` */
export function jsEscaped(text: GoString): GoString {
  let escaped = '';
  for (let at = 0; at < text.length;) {
    const { code, width } = decodeRune(text, at);
    const bytes = text.slice(at, at + width);
    const keeps = code >= 0x20 && (code < 0x80 || isPrintable(code));
    escaped += JS.get(bytes) ?? (keeps ? bytes : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`);
    at += width;
  }
  return escaped;
}

/** `url.QueryEscape` */
export function queryEscaped(text: GoString): GoString {
  return text.replace(/[^A-Za-z0-9\-_.~]/gs, (byte) =>
    byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
