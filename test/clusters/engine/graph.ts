import type { Run } from './engine';
import { secretPaths, unknownPaths } from './marks';
import type { Resource } from './resource';
import { shortUrn, STACK_TYPE } from './urn';

/**
 * The resources of a run as text, one block each, by type and name: what it belongs to, what it waits for, and which
 * of its properties are secret or unknown. Equal for equal graphs, whatever the order of registration was.
 */
export function graphText(run: Pick<Run, 'resources'>): string {
  const blocks = run.resources.filter(({ type }) => type !== STACK_TYPE).map(blockOf);
  return `${blocks.sort().join('\n')}\n`;
}

function blockOf(resource: Resource): string {
  const { type, name, parent, provider, options, inputs } = resource;
  const from = fromProperties(resource);
  const lines = [
    list('in', parent === '' || parent.includes(STACK_TYPE) ? [] : [shortUrn(parent)]),
    list('with', provider === '' ? [] : [shortUrn(provider.slice(0, provider.lastIndexOf('::')))]),
    list(
      'after',
      resource.dependencies.map((urn) => shortUrn(urn) + (from.get(urn) ?? '')),
    ),
    list('deleted with', options.deletedWith === '' ? [] : [shortUrn(options.deletedWith)]),
    list('replaced with', options.replaceWith.map(shortUrn)),
    list('ignores changes of', options.ignoreChanges),
    list('replaced for', options.replaceOnChanges),
    list('secret outputs', options.additionalSecretOutputs),
    list(
      'timeouts',
      Object.entries(options.timeouts).map((entry) => entry.join(' ')),
    ),
    list('options', optionNames(resource)),
    list('secret', secretPaths(inputs)),
    list('unknown', unknownPaths(inputs)),
  ];
  return [`${type} ${name}`, ...lines.flat()].join('\n');
}

/** ` (kubeconfig)`: properties whose values come from a resource, by its URN. */
function fromProperties({ propertyDependencies }: Resource): Map<string, string> {
  const names = new Map<string, string[]>();
  for (const [name, urns] of Object.entries(propertyDependencies).sort()) {
    for (const urn of urns) names.set(urn, [...(names.get(urn) ?? []), name]);
  }
  return new Map([...names].map(([urn, properties]) => [urn, ` (${properties.join(', ')})`]));
}

function optionNames({ options, remote, custom }: Resource): string[] {
  const set = {
    protect: options.protect,
    retainOnDelete: options.retainOnDelete,
    deleteBeforeReplace: options.deleteBeforeReplace,
    remote,
    component: !custom && !remote,
  };
  return Object.entries(set).flatMap(([name, isSet]) => (isSet ? [name] : []));
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`  ${title}: ${[...items].sort().join(', ')}`];
}
