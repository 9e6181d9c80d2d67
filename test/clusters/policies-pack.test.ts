import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as grpc from '@grpc/grpc-js';
import * as pulumi from '@pulumi/pulumi';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import {
  AnalyzeRequest,
  AnalyzerResourceOptions,
  ConfigureAnalyzerRequest,
  PolicyConfig,
  type AnalyzeResponse,
  type RemediateResponse,
} from '@pulumi/pulumi/proto/analyzer_pb';
import { Struct, type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';

const PROJECT = join(__dirname, '../..');
const PACK = join(PROJECT, 'constructs/clusters/policies');
const RUNNER = join(PROJECT, 'node_modules/@pulumi/pulumi/cmd/run-policy-pack');
const { specialSigKey, specialSecretSig, unknownValue } = pulumi.runtime;

type Props = Record<string, JavaScriptValue>;

let pack: ChildProcess;
let analyzer: AnalyzerClient;

beforeAll(async () => {
  // As Pulumi starts it: in its folder, with the address of an engine that it does not call.
  pack = spawn(process.execPath, [RUNNER, '127.0.0.1:1', '.'], {
    cwd: PACK,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  analyzer = new AnalyzerClient(`127.0.0.1:${await firstLine(pack)}`, grpc.credentials.createInsecure());
}, 60_000);

afterAll(() => {
  analyzer.close();
  pack.kill();
});

/** The port that the pack says it listens at. */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the pack has no output');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('the pack ended before it listened');
}

function requestFor(type: string, props: Props): AnalyzeRequest {
  const request = new AnalyzeRequest();
  request.setType(type);
  request.setName('logical');
  request.setUrn(`urn:pulumi:test::plimsoll::${type}::logical`);
  request.setProperties(Struct.fromJavaScript(props));
  request.setOptions(new AnalyzerResourceOptions());
  return request;
}

/** What the pack says of a resource, as `POLICY: MESSAGE`. */
async function analyze(type: string, props: Props): Promise<string[]> {
  const response = await new Promise<AnalyzeResponse>((resolve, reject) => {
    analyzer.analyze(requestFor(type, props), (error, answer) => (error ? reject(error) : resolve(answer)));
  });
  return response
    .getDiagnosticsList()
    .map((diagnostic) => `${diagnostic.getPolicyname()}: ${diagnostic.getMessage()}`);
}

/** What the pack makes of the inputs of a resource. */
async function remediate(type: string, props: Props): Promise<unknown[]> {
  const response = await new Promise<RemediateResponse>((resolve, reject) => {
    analyzer.remediate(requestFor(type, props), (error, answer) => (error ? reject(error) : resolve(answer)));
  });
  return response.getRemediationsList().map((remediation) => remediation.getProperties()?.toJavaScript());
}

/** Sets a value of the configuration of a policy. */
async function configure(policy: string, properties: Props): Promise<void> {
  const request = new ConfigureAnalyzerRequest();
  const config = new PolicyConfig();
  config.setProperties(Struct.fromJavaScript(properties));
  request.getPolicyconfigMap().set(policy, config);
  await new Promise<void>((resolve, reject) => {
    analyzer.configure(request, (error) => (error ? reject(error) : resolve()));
  });
}

const secret = (value: JavaScriptValue): Props => ({ [specialSigKey]: specialSecretSig, value });

describe('the policy pack, run as Pulumi runs it', () => {
  const SERVICE = 'kubernetes:core/v1:Service';
  const metadata = { namespace: 'shop', name: 'web' };

  it('lets a good resource pass', async () => {
    expect(await analyze(SERVICE, { metadata, spec: { type: 'ClusterIP' } })).toEqual([]);
  });

  it('names the resource that is bad, and the policy', async () => {
    const [only, ...others] = await analyze(SERVICE, { metadata, spec: { type: 'LoadBalancer' } });
    expect(only).toContain('services-not-open-to-everybody: ');
    expect(only).toContain('Service shop/web gets an address that everybody reaches');
    expect(others).toEqual([]);
  });

  it.each([
    ['api-server-not-open-to-everybody', 'eks:index:Cluster', {}],
    [
      'no-wildcards-in-roles',
      'kubernetes:rbac.authorization.k8s.io/v1:ClusterRole',
      { rules: [{ apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }] },
    ],
    [
      'no-plaintext-secrets',
      'kubernetes:core/v1:Pod',
      { spec: { containers: [{ name: 'main', env: [{ name: 'PASSWORD', value: 'hunter2' }] }] } },
    ],
    ['cloud-resources-have-tags', 'azure-native:resources:ResourceGroup', { resourceGroupName: 'one' }],
  ])('has the policy %s', async (policy, type, props) => {
    const found = await analyze(type, props);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${policy}: `);
  });

  it('sees through secrets, and says what it cannot know in a preview', async () => {
    const balanced = { type: 'LoadBalancer', loadBalancerSourceRanges: secret(['0.0.0.0/0']) };
    expect(await analyze(SERVICE, { metadata, spec: secret(balanced) })).toHaveLength(1);
    const [unknown] = await analyze(SERVICE, { metadata, spec: { type: unknownValue } });
    expect(unknown).toContain("can't run policy 'services-not-open-to-everybody'");
  });

  it('makes the content of Secrets secret, whether it was or not, and keeps the rest', async () => {
    const rest = { metadata, type: 'Opaque' };
    const [made, ...others] = await remediate('kubernetes:core/v1:Secret', {
      ...rest,
      stringData: { a: 'b' },
    });
    expect(made).toEqual({ ...rest, stringData: secret({ a: 'b' }) });
    expect(others).toEqual([]);
    expect(await remediate('kubernetes:core/v1:Secret', { ...rest, data: secret({ a: 'b' }) })).toEqual([
      { ...rest, data: secret({ a: 'b' }) },
    ]);
    expect(await remediate('kubernetes:core/v1:Secret', rest)).toEqual([]);
    expect(await remediate('kubernetes:core/v1:ConfigMap', { metadata, data: { a: 'b' } })).toEqual([]);
  });

  it('can be configured', async () => {
    const props = { metadata, spec: { type: 'NodePort' } };
    expect(await analyze(SERVICE, props)).toHaveLength(1);
    await configure('services-not-open-to-everybody', { allowNodePorts: true });
    expect(await analyze(SERVICE, props)).toEqual([]);
  });
});
