/** What a log line carries besides its level, time and message. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | Error>>;

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** From the least to the most severe. */
export type LogLevel = (typeof LEVELS)[number];

/** Writes what happened, one JSON object a line. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** Where lines go to, and which of them. */
export interface LogOptions {
  /** The least severe level that is written. */
  readonly level: LogLevel;
  /** Takes one line with its newline. */
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

/** A logger of lines like `{"level":"info","time":"2026-01-31T12:00:00.000Z","msg":"listening","port":8080}`. */
export function createLogger({ level: least, write, now }: LogOptions): Logger {
  const logAt = (level: LogLevel) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return () => undefined;
    return (msg: string, fields: LogFields = {}) => {
      const own = { level, time: now().toISOString(), msg };
      // Fields cannot replace what every line has.
      write(`${JSON.stringify({ ...own, ...fields, ...own }, errorsAsText)}\n`);
    };
  };
  return { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };
}

/** An Error has no properties of its own that JSON would show. */
function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? `${value.name}: ${value.message}`) : value;
}
