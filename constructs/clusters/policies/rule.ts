/** What a policy sees of a resource: its inputs as the provider has checked them, with secrets unwrapped. */
export interface CheckedResource {
  /** `kubernetes:core/v1:Service` */
  readonly type: string;
  /** Name in the Pulumi program. */
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Its provider, where that is known. */
  readonly provider?: { readonly props: Readonly<Record<string, unknown>> };
}

/** A rule that resources have to keep. */
export interface Rule<Config> {
  readonly name: string;
  readonly description: string;
  /** What counts where the configuration of the pack says nothing else. */
  readonly defaults: Config;
  /** What is wrong with a resource, and what to change; nothing where the rule does not concern it. */
  readonly check: (resource: CheckedResource, config: Config) => readonly string[];
}
