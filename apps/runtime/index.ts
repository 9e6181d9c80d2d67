/** What every program of `apps/` has in common: settings, log, HTTP server, a graceful end. */
export {
  httpSettings,
  startApp,
  type App,
  type HttpSettings,
  type Lifecycle,
  type RunningApp,
  type Service,
} from './app';
export { text, type HttpReply, type HttpRequest } from './http';
export { createLogger, type LogFields, type Logger } from './logger';
export { programService, type Meter } from './program-service';
export { runApp } from './run-app';
export { durationMs, oneOf, wholeNumber } from './settings';
