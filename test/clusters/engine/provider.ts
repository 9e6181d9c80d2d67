import type { Goal, Resource } from './resource';
import type { Properties } from './values';

/** What a provider made. */
export interface Made {
  /** Absent: the name of the resource. */
  readonly id?: string;
  /** Besides the inputs, which are outputs too. Secrets may be in the clear. */
  readonly outputs?: Properties;
}

/** What makes resources of some types. Inputs are without marks of secrets, as providers get them. */
export interface Provider {
  /** Whether it makes resources of a type. */
  owns(type: string): boolean;
  /** Absent: nothing happens, and the inputs are the outputs. */
  create?(goal: Goal, inputs: Properties): Made | Promise<Made>;
  /** Absent: `create`, with the id kept. */
  update?(goal: Goal, inputs: Properties, old: Resource): Made | Promise<Made>;
  delete?(resource: Resource): void | Promise<void>;
  /** Reads what is there already. */
  read?(id: string, inputs: Properties): Made | Promise<Made>;
  /** Which of the changed properties cannot be changed in place; replaces what the engine knows of the type. */
  replaces?(goal: Goal, changed: readonly string[], old: Resource): readonly string[];
}

/** A component that runs in its provider: registers its children and gives its outputs. */
export type RemoteComponent = (
  goal: Goal,
  register: (child: ChildGoal) => Promise<Resource>,
) => Properties | Promise<Properties>;

/** What a remote component asks for. */
export interface ChildGoal {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly dependencies?: readonly string[];
}

/** Answers a function of a provider; undefined where it does not know the function. */
export type Functions = (
  token: string,
  args: Properties,
) => Properties | undefined | Promise<Properties | undefined>;

/** Everything outside of the program and the engine. */
export interface World {
  readonly providers?: readonly Provider[];
  /** By type. */
  readonly components?: Readonly<Record<string, RemoteComponent>>;
  readonly functions?: Functions;
}
