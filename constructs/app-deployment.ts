import { Construct } from 'constructs';
import type { App } from './app';
import { apart, DisruptionBudget, isReplicated } from './availability';
import type { ConfigFiles } from './config-files';
import {
  probes,
  resourceRequirements,
  restrictedPod,
  RESTRICTED_CONTAINER,
  type Health,
  type Resources,
} from './hardened-container';
import { k8s } from './kubernetes';
import type { PodPort } from './port';
import type { Priority } from './priority-class';

/** A directory of the container: files of a ConfigMap, or scratch space. */
interface Mount {
  /** Of the volume; unique in the pod. */
  readonly name: string;
  readonly path: string;
  /** Neither this nor a Secret: an empty directory that can be written. */
  readonly files?: ConfigFiles;
  /** Name of the Secret whose keys are the files. */
  readonly secret?: string;
  /** Whether the program itself reads files again that change. Others have their pods replaced. */
  readonly reloaded?: boolean;
}

/** What the container requests, or is limited to, as the value of a variable (downward API). */
export interface ResourceVariable {
  readonly resource: `${'requests' | 'limits'}.${'cpu' | 'memory'}`;
  /** Unit of the value, which is rounded up to a whole number: `1m`, `1Mi`. */
  readonly divisor: string;
}

/** What one container runs, and with what. */
interface ContainerProps<Ports extends string> {
  /** Reference with a tag. */
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | ResourceVariable>>;
  readonly resources: Resources;
  /** Absent for a program that serves nothing. */
  readonly health?: Health<NoInfer<Ports>>;
  readonly mounts?: readonly Mount[];
}

/** A container that runs beside the app's own, such as a proxy. */
export interface Sidecar<Ports extends string> extends ContainerProps<Ports> {
  readonly name: string;
  /** Ports of the app on which the sidecar listens instead. */
  readonly ports: readonly NoInfer<Ports>[];
}

/** How an app's pods run. */
export interface AppDeploymentProps<Ports extends string> extends ContainerProps<Ports> {
  readonly app: App<Ports>;
  /** User and group id; never 0. */
  readonly user: number;
  readonly sidecars?: readonly Sidecar<Ports>[];
  /** Whether it talks to the Kubernetes API: it gets a ServiceAccount of its name, and the token. */
  readonly apiAccess?: boolean;
  /** Default: that of the cluster, 0 unless it says otherwise. */
  readonly priority?: Priority;
  /** Seconds from SIGTERM to SIGKILL. Default 30. */
  readonly gracePeriod?: number;
  /**
   * Whether a rollout may run an old pod beside a new one. `Recreate` ends the old ones first, for programs whose
   * numbers would be counted twice; nobody answers meanwhile. Default: that of Kubernetes, `RollingUpdate`.
   */
  readonly strategy?: 'Recreate';
}

/**
 * The Deployment of an app, one container to a pod if it has no sidecars, within the `restricted` Pod Security level. An
 * autoscaled app has no `replicas`: every apply would fight the autoscaler. Pods of an app that may have several are kept
 * on different nodes where that is possible, and are not all evicted at once.
 */
export class AppDeployment<Ports extends string> extends Construct {
  constructor(scope: Construct, id: string, props: AppDeploymentProps<Ports>) {
    super(scope, id);
    const { app, apiAccess = false, strategy } = props;
    const mounts = mountsOf(props);
    const { name, namespace, podLabels, replicas } = app;
    if (apiAccess) {
      new k8s.KubeServiceAccount(this, 'ServiceAccount', {
        metadata: { name, namespace },
        automountServiceAccountToken: false,
      });
    }
    const checksums = mounts.flatMap(({ name: volume, files, reloaded = false }): [string, string][] =>
      files && !reloaded ? [[`checksum/${volume}`, files.checksum]] : [],
    );
    new k8s.KubeDeployment(this, 'Deployment', {
      metadata: { name, namespace, labels: { ...podLabels } },
      spec: {
        ...(typeof replicas === 'number' ? { replicas } : {}),
        selector: { matchLabels: { ...podLabels } },
        ...(strategy === undefined ? {} : { strategy: { type: strategy } }),
        template: {
          metadata: {
            labels: { ...podLabels },
            ...(checksums.length > 0 ? { annotations: Object.fromEntries(checksums) } : {}),
          },
          spec: appPod(props),
        },
      },
    });
    if (isReplicated(app)) new DisruptionBudget(this, 'DisruptionBudget', { app });
  }
}

/** The spec of an app's pods, within the `restricted` level. */
export function appPod(props: AppDeploymentProps<string>): k8s.PodSpec {
  const { app, apiAccess = false, gracePeriod, priority, sidecars = [] } = props;
  const mounts = mountsOf(props);
  return {
    ...(apiAccess ? { serviceAccountName: app.name } : {}),
    automountServiceAccountToken: apiAccess,
    enableServiceLinks: false,
    ...(priority ? { priorityClassName: priority.name } : {}),
    ...(gracePeriod === undefined ? {} : { terminationGracePeriodSeconds: gracePeriod }),
    securityContext: restrictedPod(props.user),
    ...(isReplicated(app) ? { affinity: apart(app.podLabels) } : {}),
    containers: [
      container(app.name, props, ownPorts(props)),
      ...sidecars.map((sidecar) => sidecarOf(sidecar, app)),
    ],
    ...(mounts.length > 0 ? { volumes: mounts.map(volumeOf) } : {}),
  };
}

/** The directories of all containers. */
function mountsOf(props: AppDeploymentProps<string>): readonly Mount[] {
  return [props, ...(props.sidecars ?? [])].flatMap(({ mounts = [] }) => mounts);
}

/** The app's ports without those of its sidecars. */
function ownPorts({ app, sidecars = [] }: AppDeploymentProps<string>): readonly PodPort[] {
  const taken = new Set(sidecars.flatMap(({ ports }) => ports));
  return [...app.ports.values()].filter(({ name }) => !taken.has(name));
}

function sidecarOf(sidecar: Sidecar<string>, app: App): k8s.Container {
  return container(
    sidecar.name,
    sidecar,
    sidecar.ports.map((name) => app.port(name)),
  );
}

function container(name: string, props: ContainerProps<string>, ports: readonly PodPort[]): k8s.Container {
  const { image, command, args, env = {}, resources, health, mounts = [] } = props;
  const variables = Object.entries(env);
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ...(command ? { command: [...command] } : {}),
    ...(args ? { args: [...args] } : {}),
    ...(variables.length > 0 ? { env: variables.map(variable) } : {}),
    ...(ports.length > 0
      ? {
          ports: ports.map(({ name: port, number }) => ({
            name: port,
            containerPort: number,
            protocol: 'TCP',
          })),
        }
      : {}),
    resources: resourceRequirements(resources),
    ...(health ? probes(health) : {}),
    securityContext: RESTRICTED_CONTAINER,
    ...(mounts.length > 0 ? { volumeMounts: mounts.map(mountOf) } : {}),
  };
}

function variable([name, value]: readonly [string, string | ResourceVariable]): k8s.EnvVar {
  if (typeof value === 'string') return { name, value };
  const { resource, divisor } = value;
  return {
    name,
    valueFrom: { resourceFieldRef: { resource, divisor: k8s.Quantity.fromString(divisor) } },
  };
}

function mountOf({ name, path, files }: Mount): k8s.VolumeMount {
  return { name, mountPath: path, ...(files ? { readOnly: true } : {}) };
}

function volumeOf({ name, files, secret }: Mount): k8s.Volume {
  if (secret !== undefined) return { name, secret: { secretName: secret } };
  return files ? { name, configMap: { name: files.name } } : { name, emptyDir: {} };
}
