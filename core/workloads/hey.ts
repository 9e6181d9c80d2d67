import { messageOf, NotSupportedError, UsageError } from '../errors';
import { commandLine } from '../kube/command-line';
import { mountedText } from '../kube/mounted-file';
import { durationOf, readGoFlags } from './go-flags';
import { bystander, ownerOf, type OutgoingCall, type Program, type Setting } from './program';
import { serviceTarget } from './service-target';
import { pipelineOf } from './shell';

const SWITCHES = ['disable-compression', 'disable-keepalive', 'disable-redirects', 'h2'];
/** Flags that change neither how many requests are sent nor where to. */
const WITHOUT_EFFECT = ['A', 'H', 'T', 'a', 'cpus', 'disable-compression', 'disable-redirects', 'host'];
const READ = ['c', 'd', 'D', 'disable-keepalive', 'm', 'n', 'o', 'q', 't', 'z'];
const NOT_MODELLED = ['h2', 'x'];
const INTEGERS = ['c', 'cpus', 'n', 't'];
const HEADER = /^[\w-]+:\s*.+/;
const CREDENTIALS = /^.+:\S.+/;
const DEFAULTS = { c: '50', m: 'GET', n: '200', q: '0', z: '0s' } as const;
const MICROS_PER_SECOND = 1e6;

/** What the flags say about pace and end. */
interface Plan {
  readonly senders: number;
  readonly everyMs: number;
  readonly total: number | undefined;
  readonly endsAfterMs: number | undefined;
}

/**
 * The load generator hey 0.1.4 (`hey.go`, `requester/requester.go`): workers that each send their next request when the
 * last is answered and, with `-q`, their own ticker allows it. `-n` is divided among the workers, and what does not
 * divide is left out; `-z` ends them after a time instead.
 * @throws UsageError if hey would not accept its arguments
 * @throws NotSupportedError for a proxy, HTTP/2, a body that is in no ConfigMap, and a URL that is not of a Service
 */
export function hey(setting: Setting): Program {
  const owner = ownerOf(setting);
  const { flags: given, rest } = readGoFlags(argumentsOf(setting, owner), SWITCHES, owner);
  for (const [name, value] of given) checkFlag(name, value, owner);
  const flags = new Map(given);
  // hey reads no flag behind the URL.
  const [url] = rest;
  if (url === undefined) throw new UsageError(`${owner}: hey without a URL`);
  const { senders, everyMs, total, endsAfterMs } = planOf(flags, owner);
  const call: OutgoingCall = {
    ...serviceTarget(url, setting, owner, 'hey'),
    method: (flags.get('m') ?? DEFAULTS.m).toUpperCase(),
    body: bodyOf(flags, setting, owner),
    pace: { kind: 'closed', senders, everyMs, beforeMs: 0, afterMs: 0 },
    total,
    keepAlive: !isOn(flags, 'disable-keepalive'),
  };
  return { ...bystander('hey'), status: () => undefined, exposes: () => false, calls: [call], endsAfterMs };
}

/** The words after the command, which an image whose entrypoint is hey leaves out. */
function argumentsOf({ container }: Setting, owner: string): readonly string[] {
  const [words = [], ...others] = pipelineOf(commandLine(container), owner);
  const [into] = others;
  if (into) throw new NotSupportedError(`${owner}: "${into[0] ?? ''}" in the script of its shell`);
  return isHey(words[0]) ? words.slice(1) : words;
}

/** Whether a word names the program. */
export function isHey(word: string | undefined): boolean {
  return word !== undefined && /(^|\/)hey$/.test(word);
}

function checkFlag(name: string, value: string, owner: string): void {
  if (NOT_MODELLED.includes(name)) throw new NotSupportedError(`${owner}: hey with -${name}`);
  if (name === 'h') throw new UsageError(`${owner}: -h is not a flag of hey any more; use -H`);
  if (!READ.includes(name) && !WITHOUT_EFFECT.includes(name))
    throw new UsageError(`${owner}: -${name} is not a flag of hey`);
  if (INTEGERS.includes(name) && !/^[+-]?\d+$/.test(value))
    throw new UsageError(`${owner}: -${name}=${value} of hey is not a whole number`);
  if (name === 'H' && !HEADER.test(value))
    throw new UsageError(`${owner}: -H ${value} is not a header; write it like "Accept: text/html"`);
  if (name === 'a' && !CREDENTIALS.test(value))
    throw new UsageError(`${owner}: -a is not of the form user:password`);
}

function planOf(flags: ReadonlyMap<string, string>, owner: string): Plan {
  const duration = durationOf(flags.get('z') ?? DEFAULTS.z, '-z', owner);
  const senders = integer(flags, 'c');
  const requests = integer(flags, 'n');
  if (senders < 1) throw new UsageError(`${owner}: -c=${senders} of hey is smaller than 1`);
  const everyMs = tickOf(flags, owner);
  if (duration > 0) return { senders, everyMs, total: undefined, endsAfterMs: duration };
  if (requests < 1) throw new UsageError(`${owner}: -n=${requests} of hey is smaller than 1`);
  if (requests < senders)
    throw new UsageError(
      `${owner}: -n=${requests} of hey is smaller than -c=${senders}; each worker sends one`,
    );
  const total = Math.floor(requests / senders) * senders;
  return { senders, everyMs, total, endsAfterMs: undefined };
}

/** Time between ticks of a worker's ticker, which holds whole microseconds; 0 without a limit. */
function tickOf(flags: ReadonlyMap<string, string>, owner: string): number {
  const text = flags.get('q') ?? DEFAULTS.q;
  const limit = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(limit)) throw new UsageError(`${owner}: -q=${text} of hey is not a number`);
  if (limit <= 0) return 0;
  const micros = Math.floor(MICROS_PER_SECOND / limit);
  if (micros === 0)
    throw new UsageError(`${owner}: -q=${text} of hey is so high that its ticker never ticks; leave it out`);
  return micros / 1000;
}

function integer(flags: ReadonlyMap<string, string>, name: 'c' | 'n'): number {
  return Number(flags.get(name) ?? DEFAULTS[name]);
}

function isOn(flags: ReadonlyMap<string, string>, name: string): boolean {
  return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(flags.get(name) ?? '');
}

/** A file is read after `-d`, and wins. */
function bodyOf(
  flags: ReadonlyMap<string, string>,
  { workload, container, inventory }: Setting,
  owner: string,
): string | undefined {
  const file = flags.get('D') ?? '';
  const text = flags.get('d') ?? '';
  if (file === '') return text === '' ? undefined : text;
  try {
    return mountedText(workload, container, file, inventory).text;
  } catch (error) {
    throw new NotSupportedError(`${owner}: hey with the body in a file of no ConfigMap: ${messageOf(error)}`);
  }
}
