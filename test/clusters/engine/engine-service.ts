import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { IEngineServer } from '@pulumi/pulumi/proto/engine_grpc_pb';
import {
  GetRootResourceResponse,
  LogSeverity,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
} from '@pulumi/pulumi/proto/engine_pb';
import type { Deployment } from './deployment';
import { answering, type Fail } from './monitor-service';

/** One message of a program. */
export interface LogEntry {
  readonly severity: 'debug' | 'info' | 'warning' | 'error';
  readonly message: string;
  /** URN of the resource that it is about; empty for none. */
  readonly urn: string;
}

/** The `Engine` that a program logs to. */
export function engineService(deployment: Deployment, log: LogEntry[], fail: Fail): IEngineServer {
  const answer = answering(fail);
  return {
    log: answer((request) => {
      log.push({
        severity: severityOf(request.getSeverity()),
        message: request.getMessage(),
        urn: request.getUrn(),
      });
      return new Empty();
    }),
    getRootResource: answer(() => new GetRootResourceResponse().setUrn(deployment.root)),
    setRootResource: answer((request) => {
      deployment.root = request.getUrn();
      return new SetRootResourceResponse();
    }),
    startDebugging: answer(() => new Empty()),
    requirePulumiVersion: answer(() => new RequirePulumiVersionResponse()),
  };
}

function severityOf(severity: LogSeverity): LogEntry['severity'] {
  switch (severity) {
    case LogSeverity.DEBUG:
      return 'debug';
    case LogSeverity.INFO:
      return 'info';
    case LogSeverity.WARNING:
      return 'warning';
    case LogSeverity.ERROR:
      return 'error';
  }
}
