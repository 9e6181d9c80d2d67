import * as grpc from '@grpc/grpc-js';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { CallResponse, InvokeResponse } from '@pulumi/pulumi/proto/provider_pb';
import type { IResourceMonitorServer } from '@pulumi/pulumi/proto/resource_grpc_pb';
import {
  ReadResourceResponse,
  type RegisterResourceRequest,
  RegisterPackageResponse,
  RegisterResourceResponse,
  SupportsFeatureResponse,
} from '@pulumi/pulumi/proto/resource_pb';
import type { Deployment } from './deployment';
import { goalOf } from './goal';
import { markSecrets, textOf } from './marks';
import type { Resource } from './resource';
import { plainProperties } from './step';
import { urnOf } from './urn';
import { decode, encode, type Properties } from './values';

/** What the engine 3.2xx says it can do, of what the SDK asks for; the rest it would have to do here too. */
const FEATURES = new Set([
  'secrets',
  'resourceReferences',
  'outputValues',
  'aliasSpecs',
  'deletedWith',
  'replaceWith',
  'transforms',
  'invokeTransforms',
  'parameterization',
  'resourceHooks',
  'errorHooks',
]);

/** Where the service tells about failures, so that the run can be stopped. */
export type Fail = (error: unknown) => void;

/** The `ResourceMonitor` that a program registers its resources with. */
export function monitorService(deployment: Deployment, fail: Fail): IResourceMonitorServer {
  const answer = answering(fail);
  return {
    supportsFeature: answer((request) =>
      new SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    ),
    getDeploymentInfo: unsupported('GetDeploymentInfo'),
    registerResource: answer((request) => registerResource(deployment, request)),
    registerResourceOutputs: answer((request) => {
      deployment.registerOutputs(request.getUrn(), decode(request.getOutputs()));
      return new Empty();
    }),
    readResource: answer(async (request) => {
      const urn = urnOf(deployment.plan.stack, request.getParent(), request.getType(), request.getName());
      const outputs = await read(
        deployment,
        request.getType(),
        request.getId(),
        decode(request.getProperties()),
      );
      return new ReadResourceResponse().setUrn(urn).setProperties(encode(outputs));
    }),
    invoke: answer(async (request) => {
      const result = await invoke(deployment, request.getTok(), decode(request.getArgs()));
      return new InvokeResponse().setReturn(encode(result));
    }),
    call: answer(async (request) => {
      const result = await invoke(deployment, request.getTok(), decode(request.getArgs()));
      return new CallResponse().setReturn(encode(result));
    }),
    registerPackage: answer((request) => new RegisterPackageResponse().setRef(request.getName())),
    signalAndWaitForShutdown: answer(() => new Empty()),
    registerStackTransform: unsupported('RegisterStackTransform'),
    registerStackInvokeTransform: unsupported('RegisterStackInvokeTransform'),
    registerResourceHook: unsupported('RegisterResourceHook'),
    registerErrorHook: unsupported('RegisterErrorHook'),
  };
}

async function registerResource(
  deployment: Deployment,
  request: RegisterResourceRequest,
): Promise<RegisterResourceResponse> {
  const resource = await deployment.register(goalOf(request, deployment.plan.stack));
  const response = new RegisterResourceResponse().setUrn(resource.urn).setObject(encode(resource.outputs));
  if (typeof resource.id === 'string') response.setId(resource.id);
  if (resource.remote) addDependencies(response, resource);
  return response;
}

/** Every output of a remote component comes from the component as a whole. */
function addDependencies(response: RegisterResourceResponse, resource: Resource): void {
  for (const name of Object.keys(resource.outputs)) {
    const urns = new RegisterResourceResponse.PropertyDependencies().setUrnsList([resource.urn]);
    response.getPropertydependenciesMap().set(name, urns);
  }
}

async function read(
  deployment: Deployment,
  type: string,
  id: string,
  inputs: Properties,
): Promise<Properties> {
  const provider = deployment.providerOf(type);
  if (provider?.read === undefined) throw new Error(`no provider reads ${type} ${id}`);
  const made = await provider.read(id, plainProperties(inputs));
  return markSecrets({ ...inputs, ...made.outputs }, inputs, []);
}

async function invoke(deployment: Deployment, token: string, args: Properties): Promise<Properties> {
  if (token === 'pulumi:pulumi:getResource') return resourceState(deployment, args);
  const result = await deployment.plan.world.functions?.(token, args);
  if (result === undefined) throw new Error(`nothing answers the function ${token}`);
  return result;
}

/** What the engine itself answers: the state of a resource that the program has a reference to. */
function resourceState(deployment: Deployment, args: Properties): Properties {
  const urn = textOf(args['urn'], 'urn');
  const found = deployment.resources.get(urn);
  if (found === undefined) throw new Error(`unknown resource ${urn}`);
  return { urn, id: found.id, state: found.outputs };
}

/** Makes a handler of a function; what it throws is told to the run, and ends the calls of the program quietly. */
export function answering(fail: Fail) {
  return <Request, Response>(handle: (request: Request) => Response | Promise<Response>) =>
    (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>): void => {
      void Promise.resolve(call.request)
        .then(handle)
        .then(
          (response) => callback(null, response),
          (error: unknown) => {
            fail(error);
            callback({ code: grpc.status.UNAVAILABLE, message: 'the run was stopped' });
          },
        );
    };
}

/** The SDK knows this status as a method that an engine does not have. */
function unsupported(method: string) {
  return (_: unknown, callback: (error: grpc.ServiceError | Partial<grpc.StatusObject>) => void): void => {
    callback({ code: grpc.status.UNIMPLEMENTED, details: `${method} is not there` });
  };
}
