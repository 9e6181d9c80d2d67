import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseObject, refOf, refText, type KubeObject } from '../../../core/kube/object';
import { ControlPlane } from '../../control-plane/control-plane';
import { freePort } from '../../control-plane/ports';
import { Program } from '../../control-plane/program';
import { programPath } from '../../control-plane/programs';
import { moduleFolder, SCHEMA_MODULES } from '../../schemas/modules';
import { collectionOf } from './collections';

const TIMEOUT_MS = 180_000;
const POLL_MS = 100;
/** Requests at once: as many as the client has connections. */
const PARALLEL = 16;

const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'daemonset-controller',
  'serviceaccount-controller',
  'namespace-controller',
  'endpoints-controller',
  'endpointslice-controller',
];

const secretShape = z.object({ data: z.record(z.string(), z.string()).default({}) });
const prometheusShape = z.object({
  status: z
    .object({
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
        .default([]),
    })
    .default({ conditions: [] }),
});

/** What the operator made of a Prometheus object: a configuration as YAML, or the reason that it made none. */
export type OperatorAnswer =
  | { readonly configuration: string; readonly refusal?: undefined }
  | { readonly configuration?: undefined; readonly refusal: string };

/** A control plane that knows the operator's kinds, and the operator beside it once it is asked for. */
export class OperatedCluster {
  private operator: Program | undefined;

  private constructor(readonly plane: ControlPlane) {}

  static async start(): Promise<OperatedCluster> {
    const plane = await ControlPlane.start({ controllerManager: { controllers: CONTROLLERS.join(',') } });
    const cluster = new OperatedCluster(plane);
    try {
      await cluster.installKinds();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Creates objects, Namespaces first; those of kinds that do not matter here are left out. */
  async apply(objects: readonly KubeObject[]): Promise<void> {
    const first = objects.filter(({ kind }) => kind === 'Namespace' || kind === 'PriorityClass');
    const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount');
    const rest = objects.filter((object) => !first.includes(object) && !accounts.includes(object));
    for (const group of [first, accounts, rest]) {
      await inParallel(group, async (object) => {
        const collection = collectionOf(object);
        if (collection === undefined) return;
        try {
          await this.plane.create(collection, object);
        } catch (error) {
          throw new Error(`${refText(refOf(object))} is not accepted`, { cause: error });
        }
      });
    }
  }

  /** Starts the operator, whose first look finds all objects that were created before. */
  async startOperator(): Promise<void> {
    const { folder, apiServer, caBundle } = this.plane;
    const path = programPath('prometheus-operator');
    const { certificate, key } = this.plane.identity('operator', ['system:masters']);
    const files = { 'operator-ca.crt': caBundle, 'operator.crt': certificate, 'operator.key': key };
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, name), content, { mode: 0o600 });
    this.operator = Program.start({
      name: 'prometheus-operator',
      path,
      args: [
        `--apiserver=https://127.0.0.1:${apiServer.port}`,
        `--ca-file=${join(folder, 'operator-ca.crt')}`,
        `--cert-file=${join(folder, 'operator.crt')}`,
        `--key-file=${join(folder, 'operator.key')}`,
        `--web.listen-address=127.0.0.1:${await freePort()}`,
      ],
      logFile: join(folder, 'prometheus-operator.log'),
    });
  }

  async stopOperator(): Promise<void> {
    await this.operator?.stop('SIGKILL');
    this.operator = undefined;
  }

  /** Deletes objects, and what a stopped operator made of those that are Prometheus objects. */
  async remove(objects: readonly KubeObject[]): Promise<void> {
    await inParallel(objects, async (object) => {
      const collection = collectionOf(object);
      if (collection === undefined) return;
      const { name } = object.metadata;
      await this.delete(`${collection}/${name}`);
      if (object.kind === 'Prometheus') await this.delete(secretOf(object));
    });
  }

  /** Waits for what the operator makes of a Prometheus object. */
  async answerOn(prometheus: KubeObject): Promise<OperatorAnswer> {
    const { name, namespace = 'default' } = prometheus.metadata;
    const secret = secretOf(prometheus);
    const own = `/apis/monitoring.coreos.com/v1/namespaces/${namespace}/prometheuses/${name}`;
    let answer: OperatorAnswer | undefined;
    await this.until(async () => {
      const written = await this.plane.request(secret);
      if (written.status === 200) {
        const packed = secretShape.parse(JSON.parse(written.text)).data['prometheus.yaml.gz'] ?? '';
        const bytes = Buffer.from(packed, 'base64');
        answer = { configuration: bytes.length === 0 ? '' : gunzipSync(bytes).toString('utf8') };
        return true;
      }
      const { status } = prometheusShape.parse(JSON.parse((await this.plane.request(own)).text));
      const failed = status.conditions.find((one) => one.type === 'Reconciled' && one.status === 'False');
      if (failed && failed.message !== '') answer = { refusal: failed.message };
      return answer !== undefined;
    });
    if (!answer) throw new Error(`the operator made nothing of Prometheus ${namespace}/${name}`);
    return answer;
  }

  /** Waits until something holds while the operator runs. */
  async until(check: () => Promise<boolean>): Promise<void> {
    if (!this.operator) throw new Error('the operator does not run');
    await this.operator.until(check, TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    await this.stopOperator();
    await this.plane.stop();
  }

  private async delete(path: string): Promise<void> {
    const { status, text } = await this.plane.request(path, { method: 'DELETE' });
    if (status !== 200) throw new Error(`DELETE ${path}: ${status} ${text}`);
  }

  private async installKinds(): Promise<void> {
    const folder = join(moduleFolder(SCHEMA_MODULES.prometheusOperator), 'example/prometheus-operator-crd');
    const kinds = readdirSync(folder).map((file) =>
      parseObject(parse(readFileSync(join(folder, file), 'utf8')), file),
    );
    await this.apply(kinds);
    for (const { metadata } of kinds) {
      const [plural = ''] = metadata.name.split('.');
      await eventually(`the kind ${metadata.name}`, async () => {
        const replies = await Promise.all(
          ['v1', 'v1beta1', 'v1alpha1'].map((version) =>
            this.plane.request(`/apis/monitoring.coreos.com/${version}/${plural}?limit=1`),
          ),
        );
        return replies.some(({ status }) => status === 200);
      });
    }
  }
}

/** Where the operator writes the configuration of a Prometheus object. */
function secretOf({ metadata: { name, namespace = 'default' } }: KubeObject): string {
  return `/api/v1/namespaces/${namespace}/secrets/prometheus-${name}`;
}

/** Does something with each item, several at once. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: PARALLEL }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}

/** @throws Error naming what was waited for */
async function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`no sign of ${what} after ${TIMEOUT_MS / 1000} s`);
    await sleep(POLL_MS);
  }
}
