import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../core/errors';
import type { KubeObject } from '../../../core/kube/object';
import { programPath } from '../../control-plane/programs';
import { runAsync } from '../sandbox/shell';

/** As the install scripts of stacks have it. */
const FIELD_MANAGER = 'plimsoll';
const ATTEMPTS = 20;
const PAUSE_MS = 500;
/** Of an object whose kind was defined a moment ago, and of one that a new namespace's account is missing for. */
const PASSING = /no matches for kind|not found|ensure CRDs are installed|connection refused|EOF/;

/** kubectl as an administrator. */
export class Kubectl {
  constructor(
    readonly kubeconfig: string,
    private readonly folder: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  async run(...words: readonly string[]): Promise<string> {
    return runAsync(programPath('kubectl'), words, { KUBECONFIG: this.kubeconfig, HOME: this.folder });
  }

  /**
   * Server-side apply, as `install.sh` does it. The file that was applied stays in the folder of the run.
   * @throws Error with what kubectl says
   */
  async apply(name: string, objects: readonly KubeObject[]): Promise<void> {
    if (objects.length === 0) return;
    const path = join(this.folder, `${name}.json`);
    writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, undefined, 2));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.run('apply', '--server-side', `--field-manager=${FIELD_MANAGER}`, '--filename', path);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || !PASSING.test(messageOf(error))) {
          throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
        }
        await sleep(PAUSE_MS);
      }
    }
  }

  /** Waits until the CustomResourceDefinitions of a file that was applied are served. */
  async established(name: string): Promise<void> {
    const path = join(this.folder, `${name}.json`);
    await this.run('wait', '--for=condition=Established', '--timeout=60s', '--filename', path);
  }

  async rolledOut(kind: string, namespace: string, name: string, timeout = '120s'): Promise<void> {
    await this.run('wait', '--for=create', `${kind}/${name}`, '-n', namespace, `--timeout=${timeout}`);
    await this.run('rollout', 'status', `${kind}/${name}`, '-n', namespace, `--timeout=${timeout}`);
  }
}
