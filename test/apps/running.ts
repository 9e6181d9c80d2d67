import { startApp, type App, type HttpSettings, type RunningApp } from '../../apps/runtime';

/** A program under test, and what it logged. */
export interface Started {
  readonly url: string;
  readonly app: RunningApp;
  readonly log: readonly Record<string, unknown>[];
}

const started = new Set<RunningApp>();

/** Starts a program on a free port; it stops at once when told to, unless the environment says otherwise. */
export async function start<Settings extends HttpSettings>(
  app: App<Settings>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const log: Record<string, unknown>[] = [];
  const settings = { PORT: '0', SHUTDOWN_DELAY: '0s', ...environment };
  const running = await startApp(app, settings, (line) => log.push(parse(line)));
  started.add(running);
  return { url: `http://127.0.0.1:${running.port}`, app: running, log };
}

function parse(line: string): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>;
}

/** For `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all([...started].map((app) => app.stop()));
  started.clear();
}

/** Status, content type and body of an answer. */
export async function ask(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    allow: response.headers.get('allow'),
    body: await response.text(),
  };
}
