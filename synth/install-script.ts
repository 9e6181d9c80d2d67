import type { HelmRelease, ReadyCondition, Stack, StackObjects, StageObjects } from '../core/model';
import { INSTALL_FUNCTIONS, STEPS } from './functions/install';
import { manifestName, MANIFESTS_FOLDER } from './manifests';
import { metricQueries } from './metric-queries';
import { builtImages, contextVariable, type Provider } from './providers';
import { readyConditions } from './readiness';
import { command, quote, script, step } from './shell';

/** What `install.sh` is made from. */
interface Installation {
  readonly stack: Stack;
  readonly objects: StackObjects;
  readonly provider: Provider;
  /** Path from the script's folder to the folder that the images' build folders are relative to. */
  readonly source: string;
}

/**
 * `install.sh`: from nothing, or from a cluster that was there before, to autoscalers that know their metrics.
 * Everything that can be found missing is looked for before anything is applied; each stage is applied when what it
 * needs is ready.
 */
export function installScript({ stack, objects, provider, source }: Installation): string {
  return script(
    [
      `Installs the stack "${stack.name}": ${stack.summary}`,
      'Can be run again. Stops at the first failure and says at which step.',
      ...provider.install.about,
    ],
    {
      variables: [
        ['STACK', quote(stack.name)],
        ['CLUSTER', quote(stack.cluster.name)],
        ...contextVariable(provider),
        ['MANIFESTS', quote(`../${MANIFESTS_FOLDER}/${stack.name}`)],
        ['SOURCE', `\${PLIMSOLL_SOURCE:-${quote(source)}}`],
        ['TIMEOUT', '${PLIMSOLL_TIMEOUT:-10m}'],
        ['METRIC_ATTEMPTS', '${PLIMSOLL_METRIC_ATTEMPTS:-60}'],
      ],
      preamble: [STEPS],
      functions: { ...INSTALL_FUNCTIONS, ...provider.install.functions },
      body: [
        ...provider.install.start,
        ...toolSteps(provider),
        ...imageChecks(stack, provider),
        ...provider.install.cluster,
        ...imageSteps(stack, provider),
        ...objects.stages.flatMap((stage, index) => stageSteps({ stack, provider }, stage, index)),
        ...metricSteps(stack, objects),
        `printf '\\n%s\\n' ${quote(`The stack ${stack.name} is installed.`)}`,
      ],
    },
  );
}

function toolSteps({ install }: Provider): string[] {
  return [step('tools and their versions'), ...install.tools, ''];
}

function imageChecks(stack: Stack, { install }: Provider): string[] {
  const built = builtImages(stack);
  return built.length > 0
    ? [step('images that are built here'), ...built.flatMap(install.imageCheck), '']
    : [];
}

function imageSteps(stack: Stack, { install }: Provider): string[] {
  return builtImages(stack).flatMap((image) => [step(`image ${image.name}`), install.image(image), '']);
}

function stageSteps(
  { stack, provider }: Pick<Installation, 'stack' | 'provider'>,
  stage: StageObjects,
  index: number,
): string[] {
  const definition = stack.stages[index];
  const title = `stage ${index + 1} of ${stack.stages.length}, ${stage.stage}: ${definition?.summary ?? ''}`;
  const releases = stack.releases.filter(({ before }) => before === stage.stage);
  return [
    step(title),
    ...releases.flatMap((release) => releaseSteps(release, provider)),
    ...(stage.objects.length > 0 ? [command('apply', manifestName(index, stage.stage))] : []),
    ...readyConditions(stage, definition?.readyWhen).map(waitFor),
    '',
  ];
}

function releaseSteps(release: HelmRelease, { install }: Provider): string[] {
  const chart = release.repository.startsWith('oci://')
    ? [`${release.repository.replace(/\/$/, '')}/${release.chart}`]
    : [release.chart, '--repo', release.repository];
  const line = command(
    ...[install.release, release.name, ...chart],
    ...[
      '--version',
      release.version,
      '--namespace',
      release.namespace,
      '--values',
      `values/${release.name}.yaml`,
    ],
  );
  return [line, ...(release.readyWhen ?? []).map(waitFor)];
}

function waitFor(condition: ReadyCondition): string {
  switch (condition.kind) {
    case 'CustomResourceDefinition':
      return command('established', condition.name);
    case 'APIService':
      return command('available', condition.name);
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return command('rolled_out', `${condition.kind.toLowerCase()}/${condition.name}`, condition.namespace);
  }
}

/** Asks for every metric, but those that the scenario expects to be unknown before somebody starts a load. */
function metricSteps({ scenario }: Stack, objects: StackObjects): string[] {
  const queries = metricQueries(
    [...objects.provided, ...objects.stages.flatMap((stage) => stage.objects)].map(({ object }) => object),
  );
  if (queries.length === 0) return [];
  const late = new Set(
    scenario.expect.flatMap(({ autoscaler, metricUnknownAt = [] }) =>
      metricUnknownAt.length > 0 ? [autoscaler] : [],
    ),
  );
  return [
    step('metrics of the autoscalers'),
    ...queries.map(({ autoscaler, scaledObject, metric, path, valueKey }) =>
      late.has(autoscaler) || (scaledObject !== undefined && late.has(scaledObject))
        ? `printf '%s\\n' ${quote(`${autoscaler} ${metric}: not asked for, it has no value before there is load`)}`
        : command('has_metric', autoscaler, metric, valueKey, path),
    ),
    '',
  ];
}
