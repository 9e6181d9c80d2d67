import { Construct } from 'constructs';
import { UsageError } from '../core/errors';
import { Quantity } from '../core/kube/quantity';
import { readWorkerConfig } from '../core/workloads';
import type { App } from './app';
import { AppDeployment } from './app-deployment';
import type { Priority } from './priority-class';

const CHECKPOINTS = '/var/lib/worker';
/** It keeps to its request; what is above that is for answering while it works. */
const LIMIT_PERCENT = 120n;
/** It needs far less, and whoever pushes it out waits for it. */
const GRACE_SECONDS = 10;

/** How a worker works and runs. */
export interface OpportunisticWorkerProps {
  readonly app: App<'http'>;
  readonly image: string;
  readonly priority: Priority;
  /** CPU that each pod requests and uses, a quantity; what the exporter of cluster capacity takes for a slot. */
  readonly cpu: string;
  /** Default `128Mi`, which is enough for a few threads. */
  readonly memory?: string;
  /** Numbers in a chunk of work. */
  readonly chunkSize?: number;
  /** Go duration from one checkpoint to the next. */
  readonly checkpointPeriod?: string;
}

/** Work that takes the CPU nobody else requests, and gives it back at once. */
export class OpportunisticWorker extends Construct {
  /** @throws UsageError for a setting that the worker would refuse */
  constructor(scope: Construct, id: string, props: OpportunisticWorkerProps) {
    super(scope, id);
    const { app, image, priority, cpu, memory = '128Mi', chunkSize, checkpointPeriod } = props;
    const settings: Readonly<Record<string, string>> = {
      CHECKPOINT_DIR: CHECKPOINTS,
      ...(chunkSize === undefined ? {} : { CHUNK_SIZE: String(chunkSize) }),
      ...(checkpointPeriod === undefined ? {} : { CHECKPOINT_PERIOD: checkpointPeriod }),
    };
    readWorkerConfig((name) => settings[name]);
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      env: { CPU_MILLICORES: { resource: 'requests.cpu', divisor: '1m' }, ...settings },
      user: 10001,
      resources: { cpu: { request: cpu, limit: limitFor(cpu, app) }, memory },
      health: { port: 'http', ready: '/readyz', live: '/healthz' },
      mounts: [{ name: 'checkpoints', path: CHECKPOINTS }],
      priority,
      gracePeriod: GRACE_SECONDS,
    });
  }
}

function limitFor(cpu: string, { namespace, name }: App): string {
  const milli = Quantity.parse(cpu).milliValue();
  if (milli <= 0n) throw new UsageError(`worker ${namespace}/${name}: cpu ${cpu} must be more than 0`);
  return Quantity.milli((milli * LIMIT_PERCENT + 99n) / 100n).toString();
}
