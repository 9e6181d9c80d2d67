export type { Phases, PodBeginning, ScrapePhase } from './phases';
export { rehearse, type RehearsalInput } from './rehearse';
