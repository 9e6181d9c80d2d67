import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Handler } from './http';
import { HttpServer } from './http-server';
import { createLogger, type Logger } from './logger';
import { durationMs, oneOf, readSettings, wholeNumber, type Environment } from './settings';

const MAX_PORT = 65_535;
const MAX_WAIT_MS = 600_000;

/** Settings that every program has. */
export const httpSettings = z.object({
  PORT: wholeNumber(0, MAX_PORT).default(8080),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error']).default('info'),
  SHUTDOWN_DELAY: durationMs(MAX_WAIT_MS).default(3000),
  SHUTDOWN_GRACE: durationMs(MAX_WAIT_MS).default(20_000),
});
export type HttpSettings = z.output<typeof httpSettings>;

/** Whether a program wants requests. */
export interface Lifecycle {
  /** False once the program was told to stop. */
  readonly ready: boolean;
}

/** A program's work while it runs. */
export interface Service {
  readonly handle: Handler;
  /** Ends what it does besides answering; called once the last request is answered. */
  close?(): Promise<void> | void;
}

/** What a program is made of. */
export interface App<Settings extends HttpSettings> {
  readonly name: string;
  /** Keys are names of environment variables; an extension of `httpSettings`. */
  readonly settings: z.ZodType<Settings>;
  create(settings: Settings, logger: Logger, lifecycle: Lifecycle): Service | Promise<Service>;
}

/** A program that listens. */
export interface RunningApp {
  readonly port: number;
  /**
   * Says that it is not ready, goes on serving for SHUTDOWN_DELAY, until nobody sends it requests any more, then accepts
   * none and answers those in flight within SHUTDOWN_GRACE.
   * Asked again, it is the same stop.
   * @returns how many were cut off
   */
  stop(): Promise<number>;
}

/**
 * Starts a program.
 * @param write takes its log lines
 * @throws UsageError for an environment that is wrong
 */
export async function startApp<Settings extends HttpSettings>(
  app: App<Settings>,
  environment: Environment,
  write: (line: string) => void,
): Promise<RunningApp> {
  const settings = readSettings(app.settings, environment);
  const logger = createLogger({ level: settings.LOG_LEVEL, write, now: () => new Date() });
  const lifecycle = { ready: true };
  const service = await app.create(settings, logger, lifecycle);
  const server = new HttpServer(service.handle, logger);
  const port = await server.listen(settings.PORT);
  logger.info('listening', { app: app.name, port });
  let stopped: Promise<number> | undefined;
  return { port, stop: () => (stopped ??= stop()) };

  async function stop(): Promise<number> {
    lifecycle.ready = false;
    server.dismiss();
    logger.info('stopping', { app: app.name });
    await delay(settings.SHUTDOWN_DELAY);
    const cut = await server.stop(settings.SHUTDOWN_GRACE);
    await service.close?.();
    if (cut > 0) logger.warn('requests were cut off', { app: app.name, requests: cut });
    logger.info('stopped', { app: app.name });
    return cut;
  }
}
