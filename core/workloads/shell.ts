import { NotSupportedError } from '../errors';

const SHELLS = /(^|\/)(sh|bash|ash|dash)$/;
/** A word in quotes of either kind, an operator, or plain characters. */
const TOKEN = /\s*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|(\|\||&&|[|;&<>])|([^\s'"|;&<>]+))/gy;

/**
 * The commands that a container's words run, each with the one before it writing to it: the words themselves, or what
 * `sh -c` makes of a script that is one pipeline.
 * @param owner names the container in errors
 * @throws NotSupportedError for a script that is more than a pipeline of plain words
 */
export function pipelineOf(words: readonly string[], owner: string): readonly (readonly string[])[] {
  const [program = '', flag = '', script] = words;
  if (!SHELLS.test(program) || !/^-[a-z]*c$/.test(flag) || script === undefined) return [words];
  const commands: string[][] = [[]];
  let end = 0;
  for (const [token, single, double, operator, plain] of script.replaceAll('\\\n', ' ').matchAll(TOKEN)) {
    end += token.length;
    if (operator !== undefined && operator !== '|') {
      throw new NotSupportedError(`${owner}: "${operator}" in the script of its shell`);
    }
    const word = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? plain;
    if (plain !== undefined && /[$`(){}*]/.test(plain)) {
      throw new NotSupportedError(`${owner}: "${plain}" in the script of its shell`);
    }
    if (word === undefined) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  if (script.replaceAll('\\\n', ' ').slice(end).trim() !== '') {
    throw new NotSupportedError(
      `${owner}: the script of its shell cannot be read from "${script.slice(end)}"`,
    );
  }
  return commands;
}
