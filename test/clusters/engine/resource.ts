import type { Properties, Value } from './values';

/** What a program asked of a resource besides its properties. */
export interface ResourceOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URN of the resource whose deletion deletes this one too; empty for none. */
  readonly deletedWith: string;
  /** URNs of resources that this one is replaced with. */
  readonly replaceWith: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** URNs that the resource may have had before. */
  readonly aliases: readonly string[];
  /** `create` -> `15m`; without those not set. */
  readonly timeouts: Readonly<Record<string, string>>;
  /** Of the package, as the program uses it. */
  readonly version: string;
}

/** What a program wants there to be. */
export interface Goal {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Whether a provider makes it; components are not. */
  readonly custom: boolean;
  /** Whether it is a component that runs in its provider. */
  readonly remote: boolean;
  readonly parent: string;
  /** `URN::ID`; empty for the default provider of its package. */
  readonly provider: string;
  /** URNs of everything that has to be there before: `dependsOn`, and what its properties come from. */
  readonly dependencies: readonly string[];
  /** URNs by the property that comes from them. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly inputs: Properties;
  readonly options: ResourceOptions;
}

/** A resource as the state of a stack keeps it. */
export interface Resource extends Goal {
  /** Unknown in a preview of its creation; empty for components. */
  readonly id: Value;
  readonly outputs: Properties;
}

/** URN in a `URN::ID`; empty of an empty one. */
export function providerUrn(reference: string): string {
  return reference.slice(0, Math.max(0, reference.lastIndexOf('::')));
}

/** URNs of everything that has to outlive a resource. */
export function needsOf(resource: Goal): string[] {
  const provider = providerUrn(resource.provider);
  const others = Object.values(resource.propertyDependencies).flat();
  return [
    ...new Set([
      ...resource.dependencies,
      ...others,
      ...[resource.parent, provider, resource.options.deletedWith].filter((urn) => urn !== ''),
    ]),
  ];
}
