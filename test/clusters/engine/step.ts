import { reveal } from './marks';
import { immutableChanges } from './immutable';
import { changedPaths, keepOld, touches } from './property-path';
import type { Provider } from './provider';
import type { Goal, Resource } from './resource';
import type { Properties } from './values';

/** What happens to one resource. */
export type Operation = 'same' | 'create' | 'update' | 'replace' | 'delete';

/** One decision of a run. */
export interface Step {
  readonly operation: Operation;
  readonly urn: string;
  /** Paths of the inputs that differ from the state. */
  readonly changed: readonly string[];
  /** Why it cannot be changed in place: paths of properties, `provider`, or a URN that it is replaced with. */
  readonly replacedFor: readonly string[];
}

/** Properties without marks. */
export function plainProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, reveal(value)]));
}

/** The goal with the inputs that `ignoreChanges` leaves as they were. */
export function withIgnored(goal: Goal, old: Resource | undefined): Goal {
  if (old === undefined || goal.options.ignoreChanges.length === 0) return goal;
  return { ...goal, inputs: keepOld(goal.inputs, old.inputs, goal.options.ignoreChanges) };
}

/** What a decision depends on besides the resource. */
export interface Surroundings {
  readonly provider: Provider | undefined;
  /** By URN, what was replaced before in the same run. */
  readonly replaced: ReadonlyMap<string, Resource>;
  /** Inputs of the provider resource. */
  readonly settings: Properties;
}

/** What a resource needs, of its goal and of what the state has. */
export function stepFor(goal: Goal, old: Resource | undefined, surroundings: Surroundings): Step {
  const step = { urn: goal.urn, changed: [], replacedFor: [] };
  if (old === undefined) return { ...step, operation: 'create' };
  const [olds, news] = [plainProperties(old.inputs), plainProperties(goal.inputs)];
  const changed = changedPaths(olds, news);
  if (!goal.custom) return { ...step, changed, operation: changed.length === 0 ? 'same' : 'update' };
  const { provider, replaced, settings } = surroundings;
  const immutable =
    provider?.replaces?.(goal, changed, old) ?? immutableChanges({ goal, changed, olds, news, settings });
  const replacedFor = [
    ...changed.filter((path) => immutable.includes(path) || touches(goal.options.replaceOnChanges, path)),
    ...immutable.filter((path) => !changed.includes(path)),
    ...goal.options.replaceWith.filter((urn) => replaced.has(urn)),
    ...(goal.provider === old.provider ? [] : ['provider']),
  ];
  const operation = replacedFor.length > 0 ? 'replace' : changed.length > 0 ? 'update' : 'same';
  return { urn: goal.urn, changed, replacedFor, operation };
}
