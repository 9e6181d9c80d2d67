/** The command line of the adapter: prometheus-adapter's, and a few flags more. */
export { type AdapterFlags, parseAdapterArgs, parseAdapterCommand } from './adapter-flags';
export { flagSource } from './flag-source';
export { adapterHelp } from './help';
