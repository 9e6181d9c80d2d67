import { BUILT_IN_NAMESPACES } from '../../core/kube/inventory';
import { refText, refOf, type KubeObject } from '../../core/kube/object';
import type { HelmRelease, Stack, StackObjects } from '../../core/model';
import { readyConditions } from '../readiness';
import type { HealthCheck } from './flux-objects';
import { checkOf, customChecks } from './health';

/** What one Kustomization brings. Steps are applied in order. */
export type Step = ChartsStep | StageStep;

interface AnyStep {
  /** Name of the Kustomization: `kind-monitoring`, `kind-operators-charts`. */
  readonly name: string;
  /** Stage of the stack. */
  readonly stage: string;
  /** Folder below the stack's own. */
  readonly folder: string;
  /** Names of the steps that have to be ready before. */
  readonly after: readonly string[];
  readonly checks: readonly HealthCheck[];
}

/** Helm releases that a stage needs. */
export interface ChartsStep extends AnyStep {
  readonly kind: 'charts';
  readonly releases: readonly HelmRelease[];
  /** Namespaces that are there by then. */
  readonly namespaces: ReadonlySet<string>;
}

/** The objects of a stage. */
export interface StageStep extends AnyStep {
  readonly kind: 'stage';
  readonly objects: readonly KubeObject[];
}

/**
 * The stages of a stack, each after the Helm releases that it needs, and after the stage before.
 * @param isIgnored whether Flux leaves an object alone: nothing waits for it
 */
export function stepsOf(
  stack: Stack,
  { stages }: StackObjects,
  isIgnored: (object: KubeObject) => boolean,
): Step[] {
  const steps: Step[] = [];
  const namespaces = new Set(BUILT_IN_NAMESPACES);
  let before: readonly string[] = [];
  stages.forEach(({ stage, objects }, index) => {
    const releases = stack.releases.filter((release) => release.before === stage);
    let after = before;
    if (releases.length > 0) {
      const charts = chartsStep(stack.name, stage, releases, after, new Set(namespaces));
      steps.push(charts);
      after = [...after, charts.name];
      releases.forEach((release) => namespaces.add(release.namespace));
    }
    before = after;
    const plain = objects.map(({ object }) => object);
    if (plain.length === 0) return;
    const name = `${stack.name}-${stage}`;
    const named = stack.stages[index]?.readyWhen ?? [];
    steps.push({
      kind: 'stage',
      name,
      stage,
      folder: `stages/${stage}`,
      after,
      objects: plain,
      checks: stageChecks(plain, readyConditions({ stage, objects }, named).map(checkOf), isIgnored),
    });
    plain.filter(isNamespace).forEach(({ metadata }) => namespaces.add(metadata.name));
    before = [name];
  });
  return steps;
}

function chartsStep(
  stack: string,
  stage: string,
  releases: readonly HelmRelease[],
  after: readonly string[],
  namespaces: ReadonlySet<string>,
): ChartsStep {
  return {
    kind: 'charts',
    name: `${stack}-${stage}-charts`,
    stage,
    folder: `charts/${stage}`,
    after,
    releases,
    namespaces,
    checks: releases.flatMap(({ readyWhen = [] }) => readyWhen.map(checkOf)),
  };
}

/**
 * What the stage waits for, without what is ignored. Where something is, nobody knows whether what the stage names
 * besides would come of it: only its own objects count then.
 */
function stageChecks(
  objects: readonly KubeObject[],
  conditions: readonly HealthCheck[],
  isIgnored: (object: KubeObject) => boolean,
): HealthCheck[] {
  const applied = objects.filter((object) => !isIgnored(object));
  const all = distinct([...conditions, ...customChecks(applied)]);
  if (applied.length === objects.length) return all;
  const own = new Set(applied.map((object) => refText(refOf(object))));
  return all.filter((check) => own.has(refText(check)));
}

function distinct(checks: readonly HealthCheck[]): HealthCheck[] {
  return [...new Map(checks.map((check) => [`${check.apiVersion} ${refText(check)}`, check])).values()];
}

function isNamespace({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}
