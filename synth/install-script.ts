import type {
  HelmRelease,
  ReadyCondition,
  Stack,
  StackImage,
  StackObjects,
  StageObjects,
} from '../core/model';
import { oldestKind } from './cluster-config';
import { INSTALL_FUNCTIONS } from './install-functions';
import { manifestName } from './manifests';
import { metricQueries } from './metric-queries';
import { readyConditions } from './readiness';
import { command, quote, script } from './shell';

/** What each tool of an installation must at least be. */
const OLDEST = { docker: '24.0', helm: '3.14' } as const;

/**
 * `install.sh`: from nothing to autoscalers that know their metrics. Everything that can be found missing is looked
 * for before anything is created; each stage is applied when what it needs is ready.
 *
 * @param source path from the script's folder to the folder that the images' build folders are relative to
 */
export function installScript(stack: Stack, objects: StackObjects, source: string): string {
  const built = stack.images.filter((image) => image.build !== undefined);
  return script(
    [
      `Installs the stack "${stack.name}": ${stack.summary}`,
      'Can be run again. Stops at the first failure and says at which step.',
    ],
    [
      `CLUSTER=${quote(stack.cluster.name)}`,
      `CONTEXT=${quote(`kind-${stack.cluster.name}`)}`,
      `MANIFESTS=${quote(`../manifests/${stack.name}`)}`,
      `SOURCE=\${PLIMSOLL_SOURCE:-${quote(source)}}`,
      'TIMEOUT=${PLIMSOLL_TIMEOUT:-10m}',
      'METRIC_ATTEMPTS=${PLIMSOLL_METRIC_ATTEMPTS:-60}',
      '',
      INSTALL_FUNCTIONS,
      ...toolChecks(stack, built),
      ...imageChecks(built),
      ...clusterSteps(),
      ...imageSteps(built),
      ...objects.stages.flatMap((stage, index) => stageSteps(stack, stage, index)),
      ...metricSteps(objects),
      `printf '\\n%s\\n' ${quote(`The stack ${stack.name} is installed.`)}`,
    ],
  );
}

function toolChecks({ cluster }: Stack, built: readonly StackImage[]): string[] {
  const [major = '', minor = ''] = cluster.kubernetes.split('.');
  return [
    step('tools and their versions'),
    `need docker ${OLDEST.docker} docker version --format '{{.Server.Version}}'`,
    command('need', 'kind', oldestKind(cluster), 'kind', 'version'),
    // kubectl works with API servers one minor away.
    command('need', 'kubectl', `${major}.${Number(minor) - 1}`, 'kubectl', 'version', '--client'),
    command('need', 'helm', OLDEST.helm, 'helm', 'version', '--short'),
    ...(built.length > 0 ? ['', step('images that are built here')] : []),
  ];
}

function imageChecks(built: readonly StackImage[]): string[] {
  if (built.length === 0) return [''];
  const checks = built.map(({ name, reference, build = '' }) =>
    command('require_dockerfile', name, reference, build),
  );
  return [...checks, ''];
}

function clusterSteps(): string[] {
  return [step('cluster'), 'create_cluster', ''];
}

function imageSteps(built: readonly StackImage[]): string[] {
  return built.flatMap(({ name, reference, build = '' }) => [
    step(`image ${name}`),
    command('load_image', reference, build),
    '',
  ]);
}

function stageSteps(stack: Stack, stage: StageObjects, index: number): string[] {
  const definition = stack.stages[index];
  const title = `stage ${index + 1} of ${stack.stages.length}, ${stage.stage}: ${definition?.summary ?? ''}`;
  const releases = stack.releases.filter(({ before }) => before === stage.stage);
  return [
    step(title),
    ...releases.flatMap(releaseSteps),
    ...(stage.objects.length > 0 ? [command('apply', manifestName(index, stage.stage))] : []),
    ...readyConditions(stage, definition?.readyWhen).map(waitFor),
    '',
  ];
}

function releaseSteps(release: HelmRelease): string[] {
  const chart = release.repository.startsWith('oci://')
    ? [`${release.repository.replace(/\/$/, '')}/${release.chart}`]
    : [release.chart, '--repo', release.repository];
  const install = command(
    ...['release', release.name, ...chart],
    ...[
      '--version',
      release.version,
      '--namespace',
      release.namespace,
      '--values',
      `values/${release.name}.yaml`,
    ],
  );
  return [install, ...(release.readyWhen ?? []).map(waitFor)];
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

function metricSteps(objects: StackObjects): string[] {
  const queries = metricQueries(
    [...objects.provided, ...objects.stages.flatMap((stage) => stage.objects)].map(({ object }) => object),
  );
  if (queries.length === 0) return [];
  return [
    step('metrics of the autoscalers'),
    ...queries.map(({ autoscaler, metric, path, valueKey }) =>
      command('has_metric', autoscaler, metric, valueKey, path),
    ),
    '',
  ];
}

function step(title: string): string {
  return command('step', title.trim());
}
