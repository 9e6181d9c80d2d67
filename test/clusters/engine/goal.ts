import { type Alias } from '@pulumi/pulumi/proto/alias_pb';
import { type RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import type { Goal, ResourceOptions } from './resource';
import { type StackName, urnOf } from './urn';
import { decode } from './values';

/** What a program wants, of its request. @throws Error about what the engine does not do */
export function goalOf(request: RegisterResourceRequest, stack: StackName): Goal {
  const what = `${request.getType()} ${request.getName()}`;
  if (request.getImportid() !== '') throw new Error(`${what}: resources cannot be imported here`);
  if (request.getReplacementTrigger() !== undefined)
    throw new Error(`${what}: replacementTrigger is not supported here`);
  if (request.getTransformsList().length > 0) throw new Error(`${what}: transforms are not supported here`);
  return {
    urn: urnOf(stack, request.getParent(), request.getType(), request.getName()),
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    remote: request.getRemote(),
    parent: request.getParent(),
    provider: request.getProvider(),
    dependencies: [...new Set(request.getDependenciesList())].sort(),
    propertyDependencies: propertyDependencies(request),
    inputs: decode(request.getObject()),
    options: optionsOf(request, stack),
  };
}

function propertyDependencies(request: RegisterResourceRequest): Record<string, string[]> {
  const entries = request.getPropertydependenciesMap().getEntryList();
  const map = request.getPropertydependenciesMap();
  return Object.fromEntries(
    entries.flatMap(([name]) => {
      const urns = map.get(name)?.getUrnsList() ?? [];
      return urns.length === 0 ? [] : [[name, [...new Set(urns)].sort()]];
    }),
  );
}

function optionsOf(request: RegisterResourceRequest, stack: StackName): ResourceOptions {
  return {
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList(),
      ...request.getAliasesList().map((alias) => aliasUrn(alias, request, stack)),
    ],
    timeouts: timeoutsOf(request),
    version: request.getVersion(),
  };
}

/** What is left out of an alias is as it is of the resource. */
function aliasUrn(alias: Alias, request: RegisterResourceRequest, stack: StackName): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent() ? '' : spec.getParenturn() || request.getParent();
  return urnOf(
    { project: spec.getProject() || stack.project, stack: spec.getStack() || stack.stack },
    parent,
    spec.getType() || request.getType(),
    spec.getName() || request.getName(),
  );
}

function timeoutsOf(request: RegisterResourceRequest): Record<string, string> {
  const timeouts = request.getCustomtimeouts();
  if (timeouts === undefined) return {};
  const all = { create: timeouts.getCreate(), update: timeouts.getUpdate(), delete: timeouts.getDelete() };
  return Object.fromEntries(Object.entries(all).filter(([, time]) => time !== ''));
}
