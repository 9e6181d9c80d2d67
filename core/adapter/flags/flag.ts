/** The headings of `--help`, in order. */
export const FLAG_GROUPS = [
  'Configuration',
  'Prometheus',
  'Kubernetes API',
  'Serving',
  'Authentication',
  'Authorization',
  'Logging',
  'Audit',
  'Profiling',
] as const;

/** One flag of the command line, as `pflag` has it. */
export interface Flag {
  readonly name: string;
  readonly group: (typeof FLAG_GROUPS)[number];
  /**
   * `switch` may stand without a value; `strings` are split at commas and add up when repeated; `repeated` adds up
   * and is not split; of all others the last one counts.
   */
  readonly type: 'switch' | 'string' | 'strings' | 'repeated' | 'duration' | 'integer' | 'number';
  /** As it would be written; of a list, with commas. */
  readonly default: string;
  readonly help: string;
  /** Why it is accepted and has no effect; absent if it has one. */
  readonly ignored?: string;
  /** Whether prometheus-adapter does not have it. */
  readonly own?: true;
}
