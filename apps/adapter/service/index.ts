/** The adapter as a whole: its parts put together. */
export { startAdapter, type RunningAdapter } from './adapter';
