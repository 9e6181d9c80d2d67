import { adapterHelp, parseAdapterCommand } from '../../core/adapter';
import { UsageError } from '../../core/errors';
import { createLogger, type Logger } from '../runtime';
import { startAdapter, type RunningAdapter } from './service';
import { VERSION } from './version';

const EXIT = { good: 0, failed: 1, usage: 2, signalled: 128 } as const;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;
/** klog's level from which on its servers log requests. */
const REQUESTS_FROM = 4;

/**
 * Runs the adapter as this process, until SIGTERM or SIGINT. Exit codes: 0 after a stop in which every request was
 * answered, 1 if something failed, 2 if the command line or the configuration is wrong, 128 and the signal's number for
 * a second signal.
 */
async function main(args: readonly string[]): Promise<void> {
  const write = (line: string) => void process.stdout.write(line);
  const now = () => new Date();
  const early = createLogger({ level: 'info', write, now });
  process.once('uncaughtException', (error) => fail('failed', error, early));
  try {
    const command = parseAdapterCommand(args);
    if (command.kind === 'help') return write(adapterHelp());
    if (command.kind === 'version') return write(`${VERSION}\n`);
    const { flags, warnings } = command;
    const level = flags.verbosity >= REQUESTS_FROM ? 'debug' : 'info';
    const logger = createLogger({ level, write, now });
    for (const warning of warnings) logger.warn(warning);
    const starting = startAdapter({ flags, logger, environment: process.env, version: VERSION });
    // From the start on: a signal that comes while the adapter starts stops it too.
    stopOnSignal(starting, logger);
    await starting;
  } catch (error) {
    if (!(error instanceof UsageError)) return fail('the adapter did not start', error, early);
    for (const line of error.message.split('\n')) early.error(line);
    process.exit(EXIT.usage);
  }
}

function stopOnSignal(starting: Promise<RunningAdapter>, logger: Logger): void {
  let stopping = false;
  let started: RunningAdapter | undefined;
  void starting.then(
    (running) => (started = running),
    () => undefined,
  );
  const onSignal = (signal: keyof typeof SIGNALS) => {
    if (stopping) process.exit(EXIT.signalled + SIGNALS[signal]);
    stopping = true;
    logger.info('stopping', { signal });
    // Before that it has no requests, and what it waits for may never come.
    if (!started) process.exit(EXIT.good);
    started.stop().then(
      (cut) => {
        logger.info('stopped', { cut });
        process.exit(cut === 0 ? EXIT.good : EXIT.failed);
      },
      (error: unknown) => fail('did not stop', error, logger),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

function fail(message: string, error: unknown, logger: Logger): never {
  logger.error(message, { error: error instanceof Error ? error : new Error(String(error)) });
  process.exit(EXIT.failed);
}

void main(process.argv.slice(2));
