/** How a rule is served, beyond what upstream knows: its section `plimsoll`, then that of the file, then the defaults. */
export interface RuleSettings {
  /** Key of `plimsoll.sources`; `''` is the endpoint of the flags. */
  readonly source: string;
  /** How long an answer of Prometheus may be used again; the default is half the autoscaler's period, 7.5 s. */
  readonly freshnessMs: number;
  /** How far back the listing of series looks, instead of `--metrics-max-age`. */
  readonly maxAgeMs?: number | undefined;
  /** `auto` answers several requests with one query where that is provably the same; `off` never does. */
  readonly fusion: (typeof FUSION_CHOICES)[number];
  /** Objects whose newest sample is older are left out, or fail the request; absent: their age does not matter. */
  readonly staleness?: Staleness | undefined;
}

/** How `resourceRules` are: their series are not listed, and their answers have the time of the samples. */
export type ResourceSettings = Omit<RuleSettings, 'maxAgeMs' | 'staleness'>;

export interface Staleness {
  readonly maxSampleAgeMs: number;
  readonly action: (typeof STALENESS_ACTIONS)[number];
}

export const FUSION_CHOICES = ['auto', 'off'] as const;
export const STALENESS_ACTIONS = ['skip', 'error'] as const;

export const DEFAULT_RULE_SETTINGS: RuleSettings = { source: '', freshnessMs: 7500, fusion: 'auto' };
