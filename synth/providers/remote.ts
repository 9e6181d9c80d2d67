import { registryOf } from '../../core/kube/image';
import type { HelmRelease, Stack, StackObjects } from '../../core/model';
import { ARGUMENTS, CONSENT_FUNCTIONS, YES } from '../functions/consent';
import { COMMON_FUNCTIONS, STEPS } from '../functions/install';
import { PREFLIGHT_FUNCTIONS } from '../functions/preflight';
import { IMAGE_FUNCTIONS, REMOVAL_FUNCTIONS } from '../functions/remote';
import { manifestName, MANIFESTS_FOLDER } from '../manifests';
import { preflightChecks } from '../preflight';
import { bringsOnlyDefinitions, definitionsOf } from '../releases';
import { command, quote, script, step } from '../shell';
import { CONTROL_PLANES, type RemoteName } from './control-plane';
import { builtImages, type BuiltImage, type Provider, type ProviderInput } from './provider';
import { helmTool, kubectlTool } from './tools';

/**
 * A cluster that was there before the stack and stays when it goes: the one that kubectl talks to. It is looked at
 * first, and a person agrees before it is changed. Nothing of a cloud is made or paid for.
 *
 * @throws UsageError if the control plane cannot be as it is described
 */
export function remoteProvider({ stack, objects }: ProviderInput, name: RemoteName): Provider {
  const controlPlane = CONTROL_PLANES[name];
  controlPlane.check(stack.cluster);
  const built = builtImages(stack);
  return {
    files: [],
    context: undefined,
    install: {
      about: ['Looks at the cluster first and asks; --yes or PLIMSOLL_YES=1 answers beforehand.'],
      functions: { ...PREFLIGHT_FUNCTIONS, ...CONSENT_FUNCTIONS, ...IMAGE_FUNCTIONS },
      start: [
        `YES=${YES}`,
        ...ARGUMENTS,
        'can_ask',
        ...(built.length > 0 ? IMAGE_VARIABLES : []),
        'PROBLEMS=0',
        ...(stack.releases.length > 0 ? ["USED=''"] : []),
        '',
      ],
      tools: [
        kubectlTool(stack.cluster),
        ...(stack.releases.length > 0 ? [helmTool()] : []),
        ...(built.length > 0 ? ['choose_builder'] : []),
      ],
      imageCheck,
      cluster: [
        // Without its images nothing needs to be asked of the cluster.
        ...(built.length > 0 ? ['passed', ''] : []),
        step('cluster'),
        'find_context',
        'show_cluster',
        '',
        step('preflight: nothing is applied before all of it passed'),
        ...preflightChecks(stack, objects),
        ...controlPlane.lines(stack.cluster),
        ...(built.length > 0 ? ['platform'] : []),
        'passed',
        'confirm "Apply stack $STACK to context $CONTEXT?"',
        '',
      ],
      image: ({ reference, build }) => command('push_image', reference, build),
      release: 'own_release',
    },
    uninstall: uninstallScript(stack, objects),
  };
}

const IMAGE_VARIABLES = ['BUILDER=${PLIMSOLL_BUILDER:-}', 'SKIP_IMAGES=${PLIMSOLL_SKIP_IMAGES:-0}'];

function imageCheck(image: BuiltImage): string[] {
  return registryOf(image.reference) === undefined
    ? [command('no_registry', image.name, image.reference)]
    : [command('buildable', image.name, image.reference, image.build)];
}

/** Takes exactly what the stack applied, in the reverse order, and leaves the cluster as it is otherwise. */
function uninstallScript({ name, stages, releases }: Stack, objects: StackObjects): string {
  const steps = stages.flatMap((stage, index) => {
    const installed = releases.filter(({ before }) => before === stage.name);
    const applied = objects.stages[index]?.objects ?? [];
    return [
      [
        step(`stage ${stage.name}`),
        ...(applied.length > 0 ? [command('delete', manifestName(index, stage.name))] : []),
        ...installed.toReversed().map(removal),
        '',
      ],
    ];
  });
  return script(
    [
      `Removes what the stack "${name}" applied to the cluster that kubectl talks to, and nothing else.`,
      'Can be run again. Asks first; --yes or PLIMSOLL_YES=1 answers beforehand.',
    ],
    {
      variables: [
        ['STACK', quote(name)],
        ['MANIFESTS', quote(`../${MANIFESTS_FOLDER}/${name}`)],
        ['TIMEOUT', '${PLIMSOLL_TIMEOUT:-10m}'],
        ['YES', YES],
      ],
      preamble: [STEPS],
      functions: { ...COMMON_FUNCTIONS, ...CONSENT_FUNCTIONS, ...REMOVAL_FUNCTIONS },
      body: [
        ...ARGUMENTS,
        'can_ask',
        'find_context',
        'show_server',
        'confirm "Delete stack $STACK from context $CONTEXT, with everything in its namespaces?"',
        '',
        ...steps.toReversed().flat(),
        `printf '\\n%s\\n' ${quote(`The stack ${name} is removed.`)}`,
      ],
    },
  );
}

function removal(release: HelmRelease): string {
  const { name, namespace } = release;
  return bringsOnlyDefinitions(release)
    ? command('keep_definitions', name, namespace)
    : command('uninstall_release', name, namespace, ...definitionsOf(release));
}
