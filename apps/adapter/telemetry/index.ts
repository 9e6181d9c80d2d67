/** What the adapter counts about itself. */
export { Telemetry } from './telemetry';
