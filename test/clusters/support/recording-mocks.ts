import * as pulumi from '@pulumi/pulumi';
import type {
  ReadResourceRequest,
  ReadResourceResponse,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
} from '@pulumi/pulumi/proto/resource_pb';
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks';
import { plainValue } from './plain-values';

export { readOutput, UNKNOWN } from './plain-values';

/** A resource as its URN names it. */
export interface Reference {
  readonly urn: string;
  /** Without the types of its parents: `kubernetes:core/v1:Namespace`. */
  readonly type: string;
  readonly name: string;
}

/** Everything that a program says of one resource. */
export interface Registration extends Reference {
  /** A provider's resource, rather than a component. */
  readonly custom: boolean;
  /** A component that its provider expands, such as `eks:index:Cluster`. */
  readonly remote: boolean;
  /** Looked up with `get`, rather than made. */
  readonly read: boolean;
  /** Plain JSON: secrets are unwrapped, see `secrets`; unknowns are `UNKNOWN`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Paths of the inputs that are secret: `data.token`, `env[0].value`. */
  readonly secrets: readonly string[];
  /** Paths of the inputs that are not known before an update. */
  readonly unknowns: readonly string[];
  /** What a component says with `registerOutputs`; empty until it does. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Paths of these outputs that are secret. */
  readonly secretOutputs: readonly string[];
  readonly parent: Reference | undefined;
  /** Of `dependsOn` and of the inputs' Outputs together. */
  readonly dependencies: readonly Reference[];
  /** By top-level input. */
  readonly propertyDependencies: Readonly<Record<string, readonly Reference[]>>;
  /** Absent for the default provider of the package. */
  readonly provider: Reference | undefined;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly deletedWith: Reference | undefined;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly customTimeouts: {
    readonly create: string;
    readonly update: string;
    readonly delete: string;
  };
  /** ID of what is imported or looked up. */
  readonly importId: string;
}

/** A call of a provider's function. */
export interface FunctionCall {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a provider makes of a resource. */
export interface MadeResource {
  /** `NAME-id` by default; a preview has no IDs of what is still to be made. */
  readonly id?: string;
  /** Outputs on top of the inputs. */
  readonly state?: Readonly<Record<string, unknown>>;
}

/** How the mocks answer. */
export interface RecordingOptions {
  /** Asked for every resource, components too. */
  readonly newResource?: (resource: {
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
  }) => MadeResource | undefined;
  /** Asked for every function of a provider. By default a function answers with what it was asked. */
  readonly call?: (call: FunctionCall) => Readonly<Record<string, unknown>>;
  /** Outputs that only an update knows are unknown. */
  readonly preview?: boolean;
}

/** What was recorded. */
export interface Recording {
  /** In the order in which the engine would have answered. */
  readonly registrations: readonly Registration[];
  readonly calls: readonly FunctionCall[];
  /** Until every resource is registered that the program has asked for so far. */
  settled(): Promise<void>;
  /** All of a type. */
  ofType(type: string): readonly Registration[];
  /**
   * The one resource of a name, and of a type where the name is not enough.
   * @throws Error listing what is there, where it is not exactly one
   */
  one(name: string, type?: string): Registration;
}

const PROJECT = 'plimsoll';
const STACK = 'test';

/**
 * Takes the engine's place in this test file: providers answer as told, and everything said of a resource is recorded,
 * including what plain mocks hide (parents, dependencies, options). Each call starts afresh.
 *
 *     const recording = recordingMocks();
 *     makeAks(input);
 *     await recording.settled();
 *     expect(recording.one('registry').inputs).toMatchObject({ adminUserEnabled: false });
 */
export function recordingMocks(options: RecordingOptions = {}): Recording {
  const { preview = false } = options;
  const calls: FunctionCall[] = [];
  const monitor = new RecordingMonitor(mocksOf(options, calls));
  const connect = () => {
    pulumi.runtime.setMockOptions(monitor, PROJECT, STACK, preview);
    turnOnFeatures();
  };
  connect();
  withoutStacks();
  const { registrations } = monitor;
  const ofType = (type: string) => registrations.filter((registration) => registration.type === type);
  return {
    registrations,
    calls,
    async settled() {
      try {
        await pulumi.runtime.disconnect();
      } finally {
        withStacks();
      }
      connect();
    },
    ofType,
    one(name, type) {
      const found = (type === undefined ? registrations : ofType(type)).filter(
        (registration) => registration.name === name,
      );
      const [only] = found;
      if (only && found.length === 1) return only;
      const there = registrations.map((registration) => `${registration.type} ${registration.name}`);
      throw new Error(
        `${found.length} resources ${type ?? ''} ${name} among ${there.length}:\n${there.join('\n')}`,
      );
    },
  };
}

const STACK_LIMIT = Error.stackTraceLimit;

/**
 * The SDK writes a stack into each of its promises, to find leaks: more than half of the time of a test. Until everything
 * is registered, errors of the program have no stack either.
 */
function withoutStacks(): void {
  Error.stackTraceLimit = 0;
}

function withStacks(): void {
  Error.stackTraceLimit = STACK_LIMIT;
}

// A program that throws is never settled.
afterEach(withStacks);

/**
 * Features of a current engine. `setMocks` turns them on as well; `setMockOptions`, which takes a monitor, turns all off.
 * The store they are in has no public type.
 */
function turnOnFeatures(): void {
  const store: unknown = Reflect.get(globalThis, 'globalStore');
  if (typeof store !== 'object' || store === null) throw new Error('@pulumi/pulumi keeps no globalStore');
  Object.assign(store, {
    ...{ supportsSecrets: true, supportsResourceReferences: true, supportsParameterization: true },
    ...{ supportsDeletedWith: true, supportsReplaceWith: true, supportsAliasSpecs: true },
    ...{ supportsResourceHooks: true, supportsErrorHooks: true },
    // Off, so that no Output shows up in inputs.
    supportsOutputValues: false,
  });
}

/** Mocks that answer with inputs, and with what they are told. */
function mocksOf(
  { newResource, call, preview }: RecordingOptions,
  calls: FunctionCall[],
): pulumi.runtime.Mocks {
  return {
    newResource({ type, name, inputs, id }) {
      const made = newResource?.({ type, name, inputs: fieldsOf(plainValue(inputs).value) });
      const given: Record<string, unknown> = { ...fieldsOf(inputs), ...made?.state };
      const known = preview === true && !id ? undefined : id || `${name}-id`;
      return { id: made?.id ?? known, state: given };
    },
    call({ token, inputs }) {
      const asked = { token, inputs: fieldsOf(plainValue(inputs).value) };
      calls.push(asked);
      return { ...(call ? call(asked) : asked.inputs) };
    },
  };
}

type Answer<Response> = (error: unknown, response: Response | undefined) => void;

/** Notes requests that the engine would get. */
class RecordingMonitor extends MockMonitor {
  readonly registrations: Registration[] = [];

  override registerResource(
    request: RegisterResourceRequest,
    answer: Answer<RegisterResourceResponse>,
  ): Promise<void> {
    return super.registerResource(request, (error: unknown, response?: RegisterResourceResponse) => {
      if (response) this.registrations.push({ ...registered(request), ...reference(response.getUrn()) });
      answer(error, response);
    });
  }

  override readResource(request: ReadResourceRequest, answer: Answer<ReadResourceResponse>): Promise<void> {
    return super.readResource(request, (error: unknown, response?: ReadResourceResponse) => {
      if (response) this.registrations.push({ ...looked(request), ...reference(response.getUrn()) });
      answer(error, response);
    });
  }

  override registerResourceOutputs(request: RegisterResourceOutputsRequest, answer: Answer<object>): void {
    const index = this.registrations.findIndex(({ urn }) => urn === request.getUrn());
    const registration = this.registrations[index];
    if (registration) {
      const { value, secrets } = plainValue(request.getOutputs()?.toJavaScript() ?? {});
      this.registrations[index] = { ...registration, outputs: fieldsOf(value), secretOutputs: secrets };
    }
    super.registerResourceOutputs(request, answer);
  }
}

type Noted = Omit<Registration, keyof Reference>;

/** Of a resource that is made. */
function registered(request: RegisterResourceRequest): Noted {
  const timeouts = request.getCustomtimeouts();
  const { value, secrets, unknowns } = plainValue(request.getObject()?.toJavaScript() ?? {});
  return {
    ...{ custom: request.getCustom(), remote: request.getRemote(), read: false },
    ...{ inputs: fieldsOf(value), secrets, unknowns, outputs: {}, secretOutputs: [] },
    parent: optionalReference(request.getParent()),
    dependencies: request.getDependenciesList().map(reference),
    propertyDependencies: propertyDependenciesOf(request),
    provider: optionalReference(request.getProvider()),
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deletedWith: optionalReference(request.getDeletedwith()),
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    customTimeouts: {
      create: timeouts?.getCreate() ?? '',
      update: timeouts?.getUpdate() ?? '',
      delete: timeouts?.getDelete() ?? '',
    },
    importId: request.getImportid(),
  };
}

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, readonly Reference[]> {
  const found: Record<string, readonly Reference[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    found[property] = dependencies.getUrnsList().map(reference);
  });
  return found;
}

/** Of a resource that is looked up. */
function looked(request: ReadResourceRequest): Noted {
  const { value, secrets, unknowns } = plainValue(request.getProperties()?.toJavaScript() ?? {});
  return {
    ...{ custom: true, remote: false, read: true },
    ...{ inputs: fieldsOf(value), secrets, unknowns, outputs: {}, secretOutputs: [] },
    parent: optionalReference(request.getParent()),
    dependencies: request.getDependenciesList().map(reference),
    propertyDependencies: {},
    provider: optionalReference(request.getProvider()),
    ...{ protect: false, retainOnDelete: false, deleteBeforeReplace: false, deletedWith: undefined },
    ...{ ignoreChanges: [], replaceOnChanges: [] },
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    customTimeouts: { create: '', update: '', delete: '' },
    importId: request.getId(),
  };
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`, for a provider with `::ID` after it. */
function reference(urn: string): Reference {
  const [, , types = '', name = ''] = urn.split('::');
  return { urn, type: types.split('$').at(-1) ?? '', name };
}

function optionalReference(urn: string): Reference | undefined {
  return urn === '' ? undefined : reference(urn);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
