export { rehearse, type RehearsalInput } from './rehearse';
