import { basename, dirname, extname, join, resolve } from 'node:path';
import { UsageError } from '../core/errors';
import {
  allObjects,
  parseScenarioFile,
  type ClusterDescriptor,
  type Scenario,
  type ScenarioFile,
  type SourcedObject,
  type Stack,
  type StackObjects,
} from '../core/model';
import { findStack, parseOptions } from '../stacks';
import { synthesize } from '../synth';
import { readManifests, readText } from './read-manifests';

/** What a command works on: the objects of a stack, or those of manifests that came from elsewhere. */
export interface Subject {
  readonly name: string;
  readonly objects: readonly SourcedObject[];
  readonly cluster?: ClusterDescriptor | undefined;
  readonly scenario?: Scenario | undefined;
  /** Present if it is a stack of this project. */
  readonly stack?: StackSource | undefined;
}

/** A stack, and what it comes to. */
export interface StackSource {
  readonly definition: Stack;
  readonly objects: StackObjects;
}

/** How a subject is named on the command line. */
export interface SubjectOptions {
  readonly set: readonly string[];
  readonly manifests: readonly string[];
  readonly scenario?: string | undefined;
}

/** @throws UsageError if neither or both of a stack and manifests are named, or what is named cannot be read */
export function subjectOf(stackName: string | undefined, options: SubjectOptions): Subject {
  if (stackName !== undefined) {
    if (options.manifests.length > 0 || options.scenario !== undefined) {
      throw new UsageError('name a stack, or --manifests and --scenario; not both');
    }
    return stackSubject(stackSource(stackName, options.set));
  }
  if (options.manifests.length === 0) throw new UsageError('name a stack, or --manifests DIR');
  if (options.set.length > 0) throw new UsageError('--set changes options of a stack: name one');
  return manifestSubject(options.manifests, options.scenario);
}

/** @throws UsageError on an unknown stack or option */
export function stackSource(name: string, assignments: readonly string[]): StackSource {
  const chosen = findStack(name);
  const definition = chosen.define(parseOptions(chosen, assignments));
  return { definition, objects: synthesize(definition) };
}

function stackSubject(stack: StackSource): Subject {
  const { name, cluster, scenario } = stack.definition;
  return { name, objects: allObjects(stack.objects), cluster, scenario, stack };
}

function manifestSubject(named: readonly string[], scenarioPath: string | undefined): Subject {
  const folders = [...new Map(named.map((folder) => [resolve(folder), folder])).values()];
  if (scenarioPath === undefined)
    return {
      name: folders.map((folder) => basename(folder)).join('+'),
      objects: folders.flatMap(readManifests),
    };
  const { cluster, provided, ...scenario } = readScenario(scenarioPath);
  const pathOf = (folder: string): string => join(dirname(scenarioPath), folder);
  const brought = provided.flatMap((folder) =>
    readManifests(pathOf(folder)).map(({ object, origin }) => ({
      object,
      origin: { ...origin, release: folder },
    })),
  );
  // Whoever names what the scenario brings along means the same objects.
  const paths = provided.map((folder) => resolve(pathOf(folder)));
  const own = folders.filter((folder) => !paths.includes(resolve(folder))).flatMap(readManifests);
  return { name: scenarioName(scenarioPath), objects: [...brought, ...own], cluster, scenario };
}

function readScenario(path: string): ScenarioFile {
  return parseScenarioFile(readText(path), path);
}

/** `dist/kind/scenario.yaml` is the scenario of `kind`; any other file is named by itself. */
function scenarioName(path: string): string {
  const stem = basename(path, extname(path));
  return stem === 'scenario' ? basename(dirname(resolve(path))) : stem;
}
