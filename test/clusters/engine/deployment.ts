import { hasUnknown, markSecrets } from './marks';
import type { ChildGoal, Made, Provider, World } from './provider';
import { type Goal, providerUrn, type Resource } from './resource';
import { findOld, type State } from './state';
import { type Operation, plainProperties, type Step, stepFor, withIgnored } from './step';
import { STACK_TYPE, type StackName, urnOf } from './urn';
import { type Properties, UNKNOWN } from './values';

/** What a run is to do. */
export interface Plan {
  readonly stack: StackName;
  readonly preview: boolean;
  /** As the run before left it. */
  readonly before: State;
  readonly world: World;
}

/** One run of a program: what it registered, and what that meant. */
export class Deployment {
  /** By URN, in the order in which they became ready. */
  readonly resources = new Map<string, Resource>();
  readonly steps: Step[] = [];
  /** What the replaced resources were. */
  readonly replaced = new Map<string, Resource>();
  /** URNs that resources of the state had under another name. */
  readonly renamed = new Set<string>();
  /** URN of the stack; empty until it is known. */
  root = '';
  private readonly registered = new Set<string>();

  constructor(readonly plan: Plan) {}

  /** Makes a resource what the program wants it to be. @throws Error naming it where that fails */
  async register(wanted: Goal): Promise<Resource> {
    if (this.registered.has(wanted.urn)) {
      throw new Error(`Duplicate resource URN '${wanted.urn}'; try giving it a unique name`);
    }
    this.registered.add(wanted.urn);
    this.requireKnown(wanted);
    const old = findOld(this.plan.before, wanted.urn, wanted.options.aliases);
    if (old !== undefined && old.urn !== wanted.urn) this.renamed.add(old.urn);
    const goal = withIgnored(wanted, old);
    const provider = this.providerOf(goal.type);
    const step = stepFor(goal, old, {
      provider,
      replaced: this.replaced,
      settings: this.settingsOf(goal),
    });
    this.steps.push(step);
    if (step.operation === 'replace' && old !== undefined) this.replaced.set(goal.urn, old);
    const resource = await this.perform(step.operation, goal, old, provider);
    this.resources.set(goal.urn, resource);
    return resource;
  }

  /** Outputs of a component, which it gives at its end. */
  registerOutputs(urn: string, outputs: Properties): void {
    const resource = this.resources.get(urn);
    if (resource === undefined) throw new Error(`outputs of ${urn}, which was not registered`);
    this.resources.set(urn, { ...resource, outputs });
  }

  /** Outputs of the stack, once the program has given them. */
  stackOutputs(): Properties {
    return this.resources.get(this.root)?.outputs ?? {};
  }

  /** What the state has and the program does not want any more. */
  leftOver(): Resource[] {
    return [...this.plan.before.values()].filter(
      ({ urn }) => !this.registered.has(urn) && !this.renamed.has(urn),
    );
  }

  /** What makes a type; undefined where the engine does, which then only gives the inputs back. */
  readonly providerOf = (type: string): Provider | undefined =>
    this.plan.world.providers?.find((provider) => provider.owns(type));

  /** Inputs of the provider resource that a goal uses; none of a default one. */
  private settingsOf(goal: Goal): Properties {
    const urn = providerUrn(goal.provider);
    return plainProperties(this.resources.get(urn)?.inputs ?? {});
  }

  /** Programs can only refer to what was registered before; anything else is a mistake of a runner or of a test. */
  private requireKnown(goal: Goal): void {
    const urns = [...goal.dependencies, goal.parent, goal.options.deletedWith].filter((urn) => urn !== '');
    for (const urn of urns) {
      if (!this.registered.has(urn))
        throw new Error(`${goal.urn} refers to ${urn}, which was not registered`);
    }
  }

  private async perform(
    operation: Operation,
    goal: Goal,
    old: Resource | undefined,
    provider: Provider | undefined,
  ): Promise<Resource> {
    if (goal.remote) return { ...goal, id: '', outputs: await this.runRemote(goal) };
    if (!goal.custom) return { ...goal, id: '', outputs: goal.type === STACK_TYPE ? {} : goal.inputs };
    if (operation === 'same' && old !== undefined) return { ...goal, id: old.id, outputs: old.outputs };
    if (this.plan.preview) return previewed(operation, goal, old);
    const inputs = plainProperties(goal.inputs);
    if (hasUnknown(inputs)) throw new Error(`${goal.urn} has unknown inputs outside of a preview`);
    const made = await this.make(operation, goal, inputs, old, provider);
    const outputs = { ...goal.inputs, ...made.outputs };
    const id = operation === 'update' && old !== undefined ? old.id : (made.id ?? goal.name);
    return { ...goal, id, outputs: markSecrets(outputs, goal.inputs, goal.options.additionalSecretOutputs) };
  }

  private async make(
    operation: Operation,
    goal: Goal,
    inputs: Properties,
    old: Resource | undefined,
    provider: Provider | undefined,
  ): Promise<Made> {
    if (operation === 'update' && old !== undefined && provider?.update !== undefined) {
      return provider.update(goal, inputs, old);
    }
    const made = (await provider?.create?.(goal, inputs)) ?? {};
    if (operation !== 'replace' || made.id !== undefined || old === undefined) return made;
    return { ...made, id: `${typeof old.id === 'string' ? old.id : goal.name}+` };
  }

  private async runRemote(goal: Goal): Promise<Properties> {
    const component = this.plan.world.components?.[goal.type];
    if (component === undefined) throw new Error(`no component answers for ${goal.type}`);
    return component(goal, (child) => this.register(childGoal(this.plan.stack, goal, child)));
  }
}

/** Outputs in a preview: the inputs; the rest stays unknown, which the program's side adds itself. */
function previewed(operation: Operation, goal: Goal, old: Resource | undefined): Resource {
  const id = operation === 'update' && old !== undefined ? old.id : UNKNOWN;
  return {
    ...goal,
    id,
    outputs: markSecrets(goal.inputs, goal.inputs, goal.options.additionalSecretOutputs),
  };
}

function childGoal(stack: StackName, parent: Goal, child: ChildGoal): Goal {
  return {
    urn: urnOf(stack, parent.urn, child.type, child.name),
    type: child.type,
    name: child.name,
    custom: true,
    remote: false,
    parent: parent.urn,
    provider: '',
    dependencies: [...(child.dependencies ?? [])].sort(),
    propertyDependencies: {},
    inputs: child.inputs,
    options: {
      ...parent.options,
      aliases: [],
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
    },
  };
}
