/**
 * JSON as Go writes it, put together as text: lists of thousands of values are answered many times a second, and no
 * tree of objects is made for them.
 */

/** Characters that neither JSON nor Go, which keeps clear of HTML, has to escape. */
const PLAIN = /^[ !#-%'-;=?-[\]-~]*$/;
const HTML_CHARACTERS = /[<>&\u2028\u2029]/g;

/** A string with its quotes, as `json.Marshal` writes it. */
export function jsonString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    HTML_CHARACTERS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A map of strings, by key as Go has it. */
export function jsonStringMap(map: Readonly<Record<string, string>>): string {
  const keys = Object.keys(map);
  if (keys.length > 1) keys.sort();
  return `{${keys.map((key) => `${jsonString(key)}:${jsonString(map[key] ?? '')}`).join(',')}}`;
}

/** `metav1.Time`: to the second, in UTC, with quotes. */
export function jsonTime(milliseconds: number): string {
  return `"${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}Z"`;
}

/** {@link jsonTime} for a list, whose items mostly have the same time. */
export function timeWriter(): (milliseconds: number) => string {
  let last = Number.NaN;
  let text = '';
  return (milliseconds) => {
    if (milliseconds !== last) {
      text = jsonTime(milliseconds);
      last = milliseconds;
    }
    return text;
  };
}

/** What stands in an answer: one line and its end, or for people indented by two blanks, as the API server does. */
export function jsonBody(json: string, pretty: boolean): string {
  return pretty ? indentJson(json) : `${json}\n`;
}

const INDENT = '  ';

/** `json.Indent` for compact JSON. Text, not values: keys keep their order, numbers and strings their form. */
function indentJson(json: string): string {
  let depth = 0;
  let result = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{[][}\]]|[{}[\],:]|[^"{}[\],:]+/g)) {
    switch (token) {
      case '{':
      case '[':
        depth += 1;
        result += `${token}\n${INDENT.repeat(depth)}`;
        break;
      case '}':
      case ']':
        depth -= 1;
        result += `\n${INDENT.repeat(depth)}${token}`;
        break;
      case ',':
        result += `,\n${INDENT.repeat(depth)}`;
        break;
      case ':':
        result += ': ';
        break;
      default:
        result += token;
    }
  }
  return result;
}
