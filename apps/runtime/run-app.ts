import { UsageError } from '../../core/errors';
import { startApp, type App, type HttpSettings, type RunningApp } from './app';
import { createLogger, type Logger } from './logger';

const EXIT = { good: 0, failed: 1, usage: 2, signalled: 128 } as const;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Runs a program as this process, until SIGTERM or SIGINT. Exit codes: 0 after a stop in which every request was
 * answered, 1 if something failed, 2 if the environment is wrong, 128 and the signal's number for a second signal.
 */
export async function runApp<Settings extends HttpSettings>(app: App<Settings>): Promise<void> {
  const write = (line: string) => void process.stdout.write(line);
  const logger = createLogger({ level: 'info', write, now: () => new Date() });
  process.once('uncaughtException', (error) => fail('failed', error, logger));
  const starting = startApp(app, process.env, write);
  // From the start on: a signal that comes while the program starts stops it too.
  stopOnSignal(starting, logger);
  try {
    await starting;
  } catch (error) {
    if (!(error instanceof UsageError)) return fail(`${app.name} did not start`, error, logger);
    for (const line of error.message.split('\n')) logger.error(line);
    process.exit(EXIT.usage);
  }
}

function stopOnSignal(starting: Promise<RunningApp>, logger: Logger): void {
  let stopping = false;
  const onSignal = (signal: keyof typeof SIGNALS) => {
    if (stopping) process.exit(EXIT.signalled + SIGNALS[signal]);
    stopping = true;
    starting
      .then((running) => running.stop())
      .then(
        (cut) => process.exit(cut === 0 ? EXIT.good : EXIT.failed),
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
