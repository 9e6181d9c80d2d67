import { aksSettings, makeAks, type AksSettings } from '../../../constructs/clusters/aks';
import type { BuiltImage, DeliveredImage } from '../../../constructs/clusters/image-target';
import type { RunningCluster } from '../../../constructs/clusters/running-cluster';
import type { ClusterDescriptor } from '../../../core/model';
import { ADAPTER, describedCluster } from './inputs';
import { recordingMocks, type FunctionCall, type Recording } from './recording-mocks';

export const RANGE = '203.0.113.7/32';
export const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
export const DIGEST = `sha256:${'a'.repeat(64)}`;

/** A kubeconfig as AKS gives it to whoever signs in with Entra. */
export const ENTRA_KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- name: hpa
  cluster:
    server: https://hpa.example:443
contexts:
- name: hpa
  context:
    cluster: hpa
    user: clusterUser
current-context: hpa
users:
- name: clusterUser
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubelogin
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - server
      - --client-id
      - client
      - --tenant-id
      - tenant
      - --login
      - devicecode
      env: null
`;

/** The same cluster's kubeconfig with a certificate. */
export const CERTIFICATE_KUBECONFIG = ENTRA_KUBECONFIG.replace(
  /exec:[\s\S]*$/,
  'client-certificate-data: Y2VydA==\n    client-key-data: a2V5\n',
);

/** What differs from a new cluster with one address that may reach it. */
export interface AksCase {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly registry?: string;
  readonly cluster?: Partial<ClusterDescriptor>;
  readonly image?: BuiltImage;
  readonly preview?: boolean;
}

/** What became of it. */
export interface MadeAks {
  readonly recording: Recording;
  readonly cluster: RunningCluster;
  readonly delivered: DeliveredImage;
}

/** Settings of a new cluster that one address may reach, or others. */
function settingsOf(settings: AksCase['settings'] = {}): AksSettings {
  const { existingCluster, privateCluster } = settings;
  const access = existingCluster === true || privateCluster === true ? {} : { authorizedIpRanges: [RANGE] };
  return aksSettings.parse({ ...access, ...settings });
}

/** A cluster of three workers with one image. */
export async function made(given: AksCase = {}): Promise<MadeAks> {
  const { registry = '', image = ADAPTER, preview = false } = given;
  const recording = recordingMocks({
    preview,
    newResource: ({ type, inputs }) => ({ state: preview ? {} : azureState(type, inputs) }),
    call: azureAnswer,
  });
  const cluster = makeAks({
    cluster: describedCluster({
      ...{ provider: 'aks', name: 'hpa-walkthrough', kubernetes: '1.36.1' },
      nodes: [{ role: 'worker', count: 3, cpu: '1900m', memory: '5Gi', pods: 110 }],
      ...given.cluster,
    }),
    settings: settingsOf(given.settings),
    images: [image],
    registry,
    tags: { 'plimsoll:stack': 'aks', 'plimsoll:managed-by': 'pulumi' },
  });
  const delivered = cluster.images.deliver(image);
  await recording.settled();
  return { recording, cluster, delivered };
}

/** Outputs that Azure adds to the inputs. */
function azureState(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  switch (type.split(':').at(-1)) {
    case 'ResourceGroup':
      return { name: inputs['resourceGroupName'] };
    case 'UserAssignedIdentity':
      return {
        principalId: `principal of ${String(inputs['resourceName'])}`,
        clientId: `client of ${String(inputs['resourceName'])}`,
      };
    case 'ManagedCluster':
      return {
        ...{ name: inputs['resourceName'], fqdn: 'hpa.example', privateFQDN: 'hpa.private' },
        oidcIssuerProfile: { enabled: true, issuerURL: 'https://issuer.example/' },
      };
    case 'Registry':
      return {
        name: inputs['registryName'],
        loginServer: `${String(inputs['registryName'])}.azurecr.io`,
      };
    case 'RandomString':
      return { result: 'abcd1234' };
    case 'RandomUuid':
      return { result: '99999999-0000-0000-0000-000000000000' };
    case 'Image':
      return { ref: `built@${DIGEST}` };
    case 'Command':
      return { stdout: DIGEST };
    default:
      return {};
  }
}

function azureAnswer({ token, inputs }: FunctionCall): Readonly<Record<string, unknown>> {
  const encoded = (text: string) => ({
    kubeconfigs: [{ name: 'one', value: Buffer.from(text).toString('base64') }],
  });
  switch (token.split(':').at(-1)) {
    case 'getClientConfig':
      return { objectId: 'deployer', subscriptionId: SUBSCRIPTION, tenantId: 'tenant', clientId: 'client' };
    case 'getManagedCluster':
      return {
        fqdn: 'there.example',
        identityProfile: { kubeletidentity: { objectId: 'kubelet there' } },
      };
    case 'getRegistry':
      return { id: `/registries/${String(inputs['registryName'])}` };
    case 'listManagedClusterUserCredentials':
      return encoded(ENTRA_KUBECONFIG);
    case 'listManagedClusterAdminCredentials':
      return encoded(CERTIFICATE_KUBECONFIG);
    case 'run':
      return { ...inputs, stdout: 'token\n', stderr: '' };
    default:
      throw new Error(`nobody answers ${token}`);
  }
}
