import { messageOf, NotSupportedError, UsageError } from '../core/errors';
import { readRecording, replay, type Recording } from '../core/hpa/recording';
import { unprovenNotice, type HpaResult } from '../core/hpa';
import { linesOf, openInput, type Line } from './lines';
import type { Io } from './io';

/** One line of a file of recordings, replayed. */
export interface Replayed {
  /** The line as parsed, with everything that stood in it. */
  readonly written: Fields;
  readonly recording: Recording;
  /** One a sync. */
  readonly results: readonly HpaResult[];
  /** Bytes of the input up to here. */
  readonly bytes: number;
}

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Unknown keys that are named; there is a misunderstanding if there are more. */
const MOST_NAMED = 10;

/**
 * Reads recordings, one a line, runs the model over each, and hands them on.
 *
 * Says on stderr, once each, which keys it passes over and which versions of Kubernetes are modelled without proof.
 *
 * @param path of a file, or `-` for the standard input
 * @param handle what to do with a recording before the next one is read
 * @throws UsageError with the number of the line that is malformed, or that cannot be handled, and why
 */
export async function replayLines(
  path: string,
  unproven: boolean,
  io: Io,
  handle: (replayed: Replayed) => Promise<void>,
): Promise<void> {
  const name = path === '-' ? 'standard input' : path;
  const notices = new Notices(name, io);
  for await (const line of linesOf(openInput(path, io.stdin), name)) {
    try {
      const value = parseJson(line.text);
      const { recording, unknown } = readRecording(value, unproven);
      for (const place of unknown) notices.unknownKey(line, place);
      notices.unproven(line, recording);
      await handle({ written: fieldsOf(value), recording, results: replay(recording), bytes: line.bytes });
    } catch (error) {
      throw problemOf(error, `${name}: line ${line.number}`);
    }
  }
}

/** What is wrong with a line; how the output fares is none of its business. */
function problemOf(error: unknown, where: string): unknown {
  if (error instanceof UsageError) return new UsageError(`${where}: ${error.message}`);
  const exhausted = error instanceof RangeError && error.message.includes('call stack');
  return exhausted ? new UsageError(`${where}: is nested too deeply: ${error.message}`) : error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, text.includes(PROTOTYPE) ? refusePrototype : undefined);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`is not JSON: ${messageOf(error)}`);
  }
}

/** No name that anybody would choose, and one that gets lost on the way through JavaScript's objects. */
const PROTOTYPE = '__proto__';

function refusePrototype(key: string, value: unknown): unknown {
  if (key === PROTOTYPE) throw new NotSupportedError(`the key ${PROTOTYPE}`);
  return value;
}

/** The fields of a value that is known to be a JSON object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** What is worth saying once. */
class Notices {
  private readonly said = new Set<string>();

  constructor(
    private readonly name: string,
    private readonly io: Io,
  ) {}

  unknownKey(line: Line, place: string): void {
    const key = place.replaceAll(/\.\d+/g, '[]');
    if (this.said.size >= MOST_NAMED) return;
    this.once(key, line, `${place} is not a key of a recording: it is passed over`);
  }

  unproven(line: Line, { config }: Recording): void {
    const notice = unprovenNotice(config);
    if (notice !== undefined) this.once(config.kubernetes, line, notice);
  }

  private once(key: string, line: Line, notice: string): void {
    if (this.said.has(key)) return;
    this.said.add(key);
    this.io.stderr.write(`plimsoll: ${this.name}: line ${line.number}: ${notice}\n`);
  }
}
