import { NotSupportedError, UsageError } from '../errors';
import { commandLine } from '../kube/command-line';
import { bystander, ownerOf, type OutgoingCall, type Program, type Setting } from './program';
import { serviceTarget } from './service-target';
import { scriptOf, type Script } from './shell';

/** From the shell's turn until a new curl sends: a process is started, and a connection opened. */
const CURL_START_MS = 5;
const SECOND_MS = 1000;
const SLEEP_UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** Commands that take no time worth counting and send nothing. */
const QUIET = ['true', ':', 'echo', 'printf', 'date'];

/** Short options without value that change neither what is sent nor where to. */
const SHORT_SWITCHES = 'sSLkvigN46#';
/** The same with a value. */
const SHORT_IGNORED = 'oHAmwube';
const LONG_SWITCHES = [
  ...['silent', 'show-error', 'location', 'insecure', 'verbose', 'include'],
  ...['no-buffer', 'no-progress-meter', 'progress-bar', 'compressed', 'globoff', 'ipv4', 'ipv6', 'http1.1'],
];
const LONG_IGNORED = [
  ...['output', 'header', 'user-agent', 'max-time', 'connect-timeout', 'write-out', 'user', 'cookie'],
  'referer',
];
/** What the long options that matter are called in short. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  request: 'X',
  head: 'I',
  fail: 'f',
  'fail-with-body': 'f',
  data: 'd',
  'data-ascii': 'd',
  'data-binary': 'd',
  'data-raw': 'raw',
  url: 'url',
};

/** One request as curl's words describe it. */
interface Request {
  readonly url: string;
  /** Whether a status from 400 on is a failure. */
  readonly fails: boolean;
  readonly method: string;
  readonly body: string | undefined;
}

/**
 * A shell that starts curl, once or in a loop with `sleep`: every request is a process and a connection of its own, and
 * follows the answer to the one before. A script that only sleeps sends nothing. A loop ends with success; a curl that
 * stands alone or comes last fails if it gets no answer, and with `--fail` by a status from 400 on.
 * @throws UsageError if curl or sleep would not accept its arguments
 * @throws NotSupportedError for options of curl and commands that are not modelled, and for more than one request a turn
 */
export function curl(setting: Setting): Program {
  const owner = ownerOf(setting);
  const { times, commands } = readCommands(setting, owner);
  const { request, beforeMs, afterMs } = readTurn(commands, owner);
  const silent = { status: () => undefined, exposes: () => false };
  if (!request) {
    const runsMs = beforeMs * times;
    return { ...bystander('shell'), ...silent, endsAfterMs: Number.isFinite(runsMs) ? runsMs : undefined };
  }
  const { url, method, body, fails } = request;
  const call: OutgoingCall = {
    ...serviceTarget(url, setting, owner, 'curl'),
    method,
    body,
    pace: { kind: 'closed', senders: 1, everyMs: 0, beforeMs: beforeMs + CURL_START_MS, afterMs },
    total: Number.isFinite(times) ? times : undefined,
    keepAlive: false,
  };
  const isLast = times === 1 && commands.at(-1)?.[0]?.replace(/^.*\//, '') === 'curl';
  const needsAnswers = isLast ? (fails ? 'good' : 'any') : undefined;
  return { ...bystander('curl'), ...silent, calls: [call], needsAnswers };
}

/** What a turn of the shell comes to. */
interface Turn {
  readonly request: Request | undefined;
  /** Slept before the request and after it; all of it before, if there is none. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

function readTurn(commands: Script['commands'], owner: string): Turn {
  let request: Request | undefined;
  let beforeMs = 0;
  let afterMs = 0;
  for (const [program = '', ...words] of commands) {
    const name = program.replace(/^.*\//, '');
    if (name === 'sleep') {
      const sleptMs = readSleep(words, owner);
      if (request) afterMs += sleptMs;
      else beforeMs += sleptMs;
    } else if (name === 'curl') {
      if (request) throw new NotSupportedError(`${owner}: more than one request in a turn of its shell`);
      request = readRequest(words, owner);
    } else if (!QUIET.includes(name)) {
      throw new NotSupportedError(`${owner}: "${program}" in the script of its shell`);
    }
  }
  return { request, beforeMs, afterMs };
}

/** The image's entrypoint puts curl before words that begin with an option or a URL. */
function readCommands({ container }: Setting, owner: string): Script {
  const words = commandLine(container);
  const [first = ''] = words;
  const isBare = words.length === 0 || first.startsWith('-') || first.includes('://');
  return scriptOf(isBare ? ['curl', ...words] : words, owner);
}

function readSleep(words: readonly string[], owner: string): number {
  const [text = '', ...others] = words;
  if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (!match || others.length > 0) {
    throw new UsageError(`${owner}: sleep ${words.join(' ')}: write one number of seconds, like 0.1`);
  }
  return Number(match[1]) * (SLEEP_UNITS[match[2] ?? ''] ?? 1) * SECOND_MS;
}

function readRequest(words: readonly string[], owner: string): Request {
  const urls: string[] = [];
  const data: string[] = [];
  let method: string | undefined;
  let head = false;
  let fails = false;
  for (const [name, value] of readOptions(words, owner)) {
    if (name === 'url') urls.push(value);
    else if (name === 'X') method = value;
    else if (name === 'I') head = true;
    else if (name === 'f') fails = true;
    else if (name === 'raw' || !value.startsWith('@')) data.push(value);
    else throw new NotSupportedError(`${owner}: curl with the body in a file, ${value}`);
  }
  const [url, other] = urls;
  if (url === undefined) throw new UsageError(`${owner}: curl without a URL`);
  if (other !== undefined) throw new NotSupportedError(`${owner}: curl with a second URL, ${other}`);
  return {
    url: url.includes('://') ? url : `http://${url}`,
    fails,
    method: method ?? (head ? 'HEAD' : data.length > 0 ? 'POST' : 'GET'),
    body: data.length > 0 ? data.join('&') : undefined,
  };
}

/** Options that matter, by their short name, and URLs. */
function readOptions(words: readonly string[], owner: string): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  const rest = [...words];
  const valueOf = (option: string): string => {
    const value = rest.shift();
    if (value === undefined) throw new UsageError(`${owner}: curl's option ${option} needs a value`);
    return value;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('--')) {
      const long = word.slice(2);
      const name = LONG_NAMES[long];
      if (name !== undefined) found.push([name, 'If'.includes(name) ? '' : valueOf(word)]);
      else if (LONG_IGNORED.includes(long)) valueOf(word);
      else if (!LONG_SWITCHES.includes(long)) throw new NotSupportedError(`${owner}: curl with ${word}`);
    } else if (word.startsWith('-')) {
      const option = readShort(word, valueOf, owner);
      found.push(...option);
    } else {
      found.push(['url', word]);
    }
  }
  return found;
}

/** Letters after one dash; the first that takes a value takes what is left of the word, or the next word. */
function readShort(word: string, valueOf: (option: string) => string, owner: string): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 1; index < word.length; index++) {
    const letter = word.charAt(index);
    if (SHORT_SWITCHES.includes(letter)) continue;
    if (letter === 'I' || letter === 'f') {
      found.push([letter, '']);
      continue;
    }
    const matters = letter === 'X' || letter === 'd';
    if (!matters && !SHORT_IGNORED.includes(letter)) {
      throw new NotSupportedError(`${owner}: curl with -${letter}`);
    }
    const value = word.slice(index + 1) || valueOf(`-${letter}`);
    return matters ? [...found, [letter, value]] : found;
  }
  return found;
}
