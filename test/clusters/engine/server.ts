import * as grpc from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import { ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb';
import type { Deployment } from './deployment';
import { engineService, type LogEntry } from './engine-service';
import { type Fail, monitorService } from './monitor-service';

/** Messages of a program can be as large as the engine lets them be: 400 MB. */
const LIMITS = { 'grpc.max_receive_message_length': 400 << 20, 'grpc.max_send_message_length': 400 << 20 };

/** Services of the engine, listening. */
export interface RunningServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  stop(): void;
}

/** Starts the two services that a program talks to, on a free port of the loopback interface. */
export async function startServer(
  deployment: Deployment,
  log: LogEntry[],
  fail: Fail,
): Promise<RunningServer> {
  const server = new grpc.Server(LIMITS);
  server.addService(ResourceMonitorService, monitorService(deployment, fail));
  server.addService(EngineService, engineService(deployment, log, fail));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}
