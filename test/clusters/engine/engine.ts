import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../../core/errors';
import { deleteAll, type Deletion } from './deletion';
import { Deployment } from './deployment';
import type { LogEntry } from './engine-service';
import { hasUnknown } from './marks';
import type { World } from './provider';
import type { Resource } from './resource';
import { type ProgramEnd, runProgram } from './run-program';
import { startServer } from './server';
import type { State } from './state';
import type { Step } from './step';
import type { StackName } from './urn';
import type { Properties } from './values';

/** Configuration of one run. */
export interface RunConfig {
  /** By key with its namespace: `plimsoll:stack`. */
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
}

/** One run of a program and what came of it. */
export interface Run {
  readonly exitCode: number;
  /** In the order in which they became ready; each is after what it needs. */
  readonly resources: readonly Resource[];
  /** In the order of their registration. */
  readonly steps: readonly Step[];
  /** What is not wanted any more or was replaced, in the order of its deletion; in a preview, what would be. */
  readonly deletions: readonly Deletion[];
  /** Outputs of the stack. */
  readonly outputs: Properties;
  readonly log: readonly LogEntry[];
  /** What went wrong: errors that the program logged, and failures of providers. Empty where all went well. */
  readonly errors: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** Absolute paths of all modules that the program loaded, where that was asked for. */
  readonly modules: readonly string[];
}

/** A program and the world that it runs in. */
export interface EngineOptions {
  readonly stack: StackName;
  /** Absolute path of the folder with its `index.ts`. */
  readonly folder: string;
  readonly world?: World;
  readonly listModules?: boolean;
}

/**
 * An engine of one stack, with its state in memory: runs the program as the real one does, over gRPC and in a
 * process of its own, and lets tests see everything that it asks for.
 */
export class Engine {
  private state: State = new Map();

  constructor(private readonly options: EngineOptions) {}

  /** What the stack has. */
  get resources(): readonly Resource[] {
    return [...this.state.values()];
  }

  /** Makes everything as the program wants it. What failed is in the result. */
  async up(config: RunConfig): Promise<Run> {
    return this.run(config, false);
  }

  /** Says what `up` would do. */
  async preview(config: RunConfig): Promise<Run> {
    return this.run(config, true);
  }

  /** Deletes everything. @throws Error naming what is protected */
  async destroy(): Promise<Deletion[]> {
    const providers = this.options.world?.providers ?? [];
    const deleted = await deleteAll(this.resources, (type) =>
      providers.find((provider) => provider.owns(type)),
    );
    this.state = new Map();
    return deleted;
  }

  private async run(config: RunConfig, preview: boolean): Promise<Run> {
    const { stack, world = {} } = this.options;
    const deployment = new Deployment({ stack, preview, before: this.state, world });
    const log: LogEntry[] = [];
    const failures: string[] = [];
    const end = await this.runAgainst(deployment, config, log, failures);
    const errors = [
      ...log.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      ...failures,
    ];
    const failed = end.exitCode !== 0 || errors.length > 0;
    const deletions = failed ? [] : await this.finish(deployment);
    if (failed && !preview) this.state = new Map([...this.state, ...known(deployment)]);
    return {
      ...end,
      exitCode: failed && end.exitCode === 0 ? 1 : end.exitCode,
      resources: [...deployment.resources.values()],
      steps: [
        ...deployment.steps,
        ...deletions.flatMap(({ resource }) => deletionStep(resource, deployment)),
      ],
      deletions,
      outputs: deployment.stackOutputs(),
      log,
      errors,
    };
  }

  private async runAgainst(
    deployment: Deployment,
    config: RunConfig,
    log: LogEntry[],
    failures: string[],
  ): Promise<ProgramEnd & { modules: string[] }> {
    const stop = new AbortController();
    const server = await startServer(deployment, log, (error) => {
      failures.push(messageOf(error));
      stop.abort();
    });
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-modules-'));
    const modulesFile = this.options.listModules === true ? join(folder, 'modules') : '';
    try {
      const end = await runProgram({
        stack: this.options.stack,
        folder: this.options.folder,
        address: server.address,
        preview: deployment.plan.preview,
        config: config.values,
        secretKeys: config.secretKeys ?? [],
        signal: stop.signal,
        modulesFile,
      });
      const listed = modulesFile !== '' && failures.length === 0;
      return { ...end, modules: listed ? readFileSync(modulesFile, 'utf8').split('\n') : [] };
    } finally {
      server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Deletes what is left over, and keeps the new state; in a preview, only says what would be deleted. */
  private async finish(deployment: Deployment): Promise<Deletion[]> {
    const gone = [...deployment.leftOver(), ...deployment.replaced.values()];
    if (deployment.plan.preview) return deleteAll(gone, () => undefined);
    const deletions = await deleteAll(gone, deployment.providerOf);
    this.state = deployment.resources;
    return deletions;
  }
}

function known(deployment: Deployment): [string, Resource][] {
  return [...deployment.resources].filter(([, resource]) => !hasUnknown(resource.id));
}

function deletionStep(resource: Resource, deployment: Deployment): Step[] {
  if (deployment.replaced.has(resource.urn)) return [];
  return [{ operation: 'delete', urn: resource.urn, changed: [], replacedFor: [] }];
}
