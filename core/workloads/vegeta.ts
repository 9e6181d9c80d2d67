import { didYouMean } from '../did-you-mean';
import { commandLine } from '../kube/command-line';
import { mountedText } from '../kube/mounted-file';
import { messageOf, NotSupportedError, UsageError } from '../errors';
import { durationOf, readGoFlags } from './go-flags';
import { bystander, ownerOf, type OutgoingCall, type Program, type Setting } from './program';
import { serviceTarget } from './service-target';
import { pipelineOf } from './shell';

/** Flags of `vegeta attack` that take no value. */
const SWITCHES = ['keepalive', 'lazy', 'insecure', 'h2c', 'http2', 'chunked', 'session-tickets'];
const READ = ['duration', 'format', 'keepalive', 'lazy', 'rate', 'targets'];
/** Flags that change neither how many requests are sent nor where to. */
const WITHOUT_EFFECT = [
  ...['body', 'cert', 'chunked', 'connections', 'dns-ttl', 'header', 'http2', 'insecure', 'key', 'laddr'],
  ...['max-body', 'max-connections', 'max-workers', 'name', 'output', 'prometheus-addr', 'proxy-header'],
  ...['redirects', 'resolvers', 'root-certs', 'session-tickets', 'timeout', 'workers'],
];
const NOT_MODELLED = ['connect-to', 'h2c', 'unix-socket'];
const SECOND_MS = 1000;

/** The attack that a container's command line describes. */
interface Attack {
  readonly flags: ReadonlyMap<string, string>;
  /** What is written to its standard input. */
  readonly input?: string | undefined;
}

/**
 * The load generator vegeta 12 (`attack.go`): sends to the targets in turn, evenly paced, for as long as its arguments
 * say; with `-lazy` once to each, and no more.
 * @throws UsageError if vegeta would not accept its arguments or targets
 * @throws NotSupportedError for HTTP/2 without TLS, other ways to a target, a rate without limit, targets in JSON, and
 *   targets that are not Services or not among the objects
 */
export function vegeta(setting: Setting): Program {
  const owner = ownerOf(setting);
  const attack = findAttack(setting, owner);
  const targets = readTargets(attack, setting, owner);
  const rate = parseRate(attack.flags.get('rate') ?? '50/1s', owner) / targets.length;
  const keepAlive = attack.flags.get('keepalive') !== 'false';
  const duration = durationOf(attack.flags.get('duration') ?? '0', '-duration', owner);
  const isLazy = !['false', undefined].includes(attack.flags.get('lazy'));
  return {
    ...bystander('vegeta'),
    status: () => undefined,
    exposes: () => false,
    calls: targets.map((target) => ({
      ...target,
      pace: { kind: 'open', rate },
      keepAlive,
      ...(isLazy ? { total: 1 } : {}),
    })),
    endsAfterMs: duration > 0 ? duration : undefined,
  };
}

function findAttack({ container }: Setting, owner: string): Attack {
  const pipeline = pipelineOf(commandLine(container), owner);
  const index = pipeline.findIndex((words) => words.includes('attack'));
  const words = pipeline[index];
  if (!words) {
    throw new NotSupportedError(`${owner}: vegeta without "attack" in its arguments`);
  }
  const flags = readFlags(words.slice(words.indexOf('attack') + 1), owner);
  const [program, ...text] = pipeline[index - 1] ?? [];
  return { flags, input: program === 'echo' || program === 'printf' ? text.join(' ') : undefined };
}

function readFlags(words: readonly string[], owner: string): ReadonlyMap<string, string> {
  const { flags, rest } = readGoFlags(words, SWITCHES, owner);
  const [extra] = rest;
  if (extra !== undefined) throw new UsageError(`${owner}: "${extra}" is not an argument of vegeta attack`);
  for (const [name] of flags) {
    if (NOT_MODELLED.includes(name)) throw new NotSupportedError(`${owner}: vegeta with -${name}`);
    if (!READ.includes(name) && !WITHOUT_EFFECT.includes(name))
      throw new UsageError(
        `${owner}: -${name} is not a flag of vegeta attack${didYouMean(name, [...READ, ...WITHOUT_EFFECT])}`,
      );
  }
  return new Map(flags);
}

/** Requests a second of `50`, `50/s`, `3000/1m`. */
function parseRate(text: string, owner: string): number {
  const match = /^(\d+)(?:\/(\d*[a-zµ]+.*))?$/.exec(text);
  if (text === 'infinity' || match?.[1] === '0') {
    throw new NotSupportedError(`${owner}: vegeta with -rate=${text}, which sends as fast as it can`);
  }
  if (!match) throw new UsageError(`${owner}: -rate=${text} is not a rate; write it like 50/s or 3000/1m`);
  const per = match[2] ?? 's';
  return (Number(match[1]) * SECOND_MS) / durationOf(/^\d/.test(per) ? per : `1${per}`, '-rate', owner);
}

function readTargets(
  { flags, input }: Attack,
  setting: Setting,
  owner: string,
): readonly Omit<OutgoingCall, 'pace' | 'keepAlive'>[] {
  const format = flags.get('format') ?? 'http';
  if (format !== 'http') throw new NotSupportedError(`${owner}: vegeta with -format=${format}`);
  const file = flags.get('targets') ?? 'stdin';
  const text = file === 'stdin' ? input : mountedTargets(file, setting, owner);
  if (text === undefined) {
    throw new NotSupportedError(
      `${owner}: vegeta with targets that do not come from a file of a ConfigMap or from echo`,
    );
  }
  const targets = text
    .split(/\r?\n|\\n/)
    .map((line) => /^([A-Z]+)\s+(\S+)\s*$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, method = '', url = '']) => ({ ...serviceTarget(url, setting, owner, 'vegeta'), method }));
  if (targets.length === 0)
    throw new UsageError(`${owner}: no line of its targets is of the form "METHOD URL"`);
  return targets;
}

function mountedTargets(path: string, { workload, container, inventory }: Setting, owner: string): string {
  try {
    return mountedText(workload, container, path, inventory).text;
  } catch (error) {
    throw new UsageError(`${owner}: -targets: ${messageOf(error)}`);
  }
}
