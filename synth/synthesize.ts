import { ApiObject, App, Chart } from 'cdk8s';
import { messageOf, UsageError } from '../core/errors';
import { Inventory } from '../core/kube/inventory';
import { groupOf, parseObject, refOf, refText, type KubeObject } from '../core/kube/object';
import {
  CNI_CONTEXT,
  type HelmRelease,
  type SourcedObject,
  type Stack,
  type StackObjects,
  type StageObjects,
} from '../core/model';

/**
 * Turns a stack into plain objects: one chart per stage, each rendered by itself, in the stages' order.
 *
 * The order of stages lives outside cdk8s. Its synthesis of a whole app takes exponential time in chains of charts
 * that depend on each other, so an edge between two stages is refused.
 *
 * @throws UsageError naming the stage and construct path of what cannot be rendered, of an object declared twice, of a
 *   dependency between stages, and of a release that precedes no stage
 */
export function synthesize(stack: Stack): StackObjects {
  refuseLostReleases(stack);
  const app = new App();
  const charts = stack.stages.map((stage) => {
    const chart = new Chart(app, stage.name, { disableResourceNameHashes: true });
    chart.node.setContext(CNI_CONTEXT, stack.cluster.cni);
    inStage(stack.name, stage.name, () => stage.fill(chart));
    return chart;
  });
  charts.forEach(refuseForeignDependencies);
  const stages = charts.map((chart) => ({
    stage: chart.node.id,
    objects: inStage(stack.name, chart.node.id, () => objectsOf(chart)),
  }));
  refuseDuplicates(stages);
  const provided = [
    ...(stack.provided ?? []).map((object): SourcedObject => ({ object, origin: { cluster: true } })),
    ...stack.releases.flatMap(providedBy),
  ];
  return { stages: withScopes(stages, provided), provided };
}

/** A release that precedes no stage would never be installed. */
function refuseLostReleases({ name, releases, stages }: Stack): void {
  const names = stages.map((stage) => stage.name);
  const lost = releases.find(({ before }) => !names.includes(before));
  if (!lost) return;
  throw new UsageError(
    `stack ${name}: release ${lost.name} is to be installed before stage "${lost.before}", which does not exist; ` +
      `the stages are ${names.join(', ')}`,
  );
}

function inStage<T>(stack: string, stage: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(`stack ${stack}, stage ${stage}: ${messageOf(error)}`, { cause: error });
  }
}

function objectsOf(chart: Chart): SourcedObject[] {
  const paths = new Map(apiObjectsOf(chart).map((apiObject) => [identity(apiObject), apiObject.node.path]));
  return chart.toJson().map((json) => {
    const object = parseObject(json, `an object of ${chart.node.path}`);
    const { apiVersion, kind, metadata } = object;
    const constructPath = paths.get(identity({ apiVersion, kind, name: metadata.name, metadata }));
    return { object, origin: { stage: chart.node.id, constructPath } };
  });
}

function apiObjectsOf(chart: Chart): ApiObject[] {
  return chart.node.findAll().filter((construct) => construct instanceof ApiObject);
}

function identity(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly metadata: { readonly namespace?: string | undefined };
}): string {
  return [groupOf(object.apiVersion), object.kind, object.metadata.namespace ?? '', object.name].join('|');
}

function refuseForeignDependencies(chart: Chart): void {
  for (const construct of chart.node.findAll()) {
    for (const dependency of construct.node.dependencies) {
      if (Chart.of(dependency) === chart) continue;
      throw new UsageError(
        `${construct.node.path} depends on ${dependency.node.path} of another stage: stages are applied in order, ` +
          'remove the dependency or move one of the two',
      );
    }
  }
}

function refuseDuplicates(stages: readonly StageObjects[]): void {
  const seen = new Map<string, string>();
  for (const { object, origin } of stages.flatMap((stage) => stage.objects)) {
    const { apiVersion, kind, metadata } = object;
    const key = identity({ apiVersion, kind, name: metadata.name, metadata });
    const path = origin.constructPath ?? origin.stage ?? '';
    const first = seen.get(key);
    if (first !== undefined) {
      throw new UsageError(
        `${refText(refOf(object))} is declared twice: by ${first} and by ${path}; give one of them another name`,
      );
    }
    seen.set(key, path);
  }
}

function providedBy(release: HelmRelease): SourcedObject[] {
  return release.provides.map((object) => ({ object, origin: { release: release.name } }));
}

/** cdk8s puts a chart's namespace on every object; those of cluster-scoped kinds must not have one. */
function withScopes(stages: readonly StageObjects[], provided: readonly SourcedObject[]): StageObjects[] {
  const all = [...provided, ...stages.flatMap((stage) => stage.objects)].map(({ object }) => object);
  const resources = new Inventory(all).apiResources;
  const scoped = (object: KubeObject): KubeObject =>
    resources.findKind(groupOf(object.apiVersion), object.kind)?.namespaced === false
      ? withoutNamespace(object)
      : object;
  return stages.map(({ stage, objects }) => ({
    stage,
    objects: objects.map(({ object, origin }) => ({ object: scoped(object), origin })),
  }));
}

function withoutNamespace(object: KubeObject): KubeObject {
  const metadata = { ...object.metadata };
  delete metadata.namespace;
  return { ...object, metadata };
}
