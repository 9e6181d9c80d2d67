import { parseGoDuration } from '../../core/kube/duration';
import { UsageError } from '../../core/errors';
import type { ClusterDescriptor } from '../../core/model';
import { command } from '../shell';
import { changedFlags, controllerFlags, type ControllerFlag } from './controller-manager';

/** Clusters that exist before a stack comes to them. */
export type RemoteName = 'existing' | 'aks' | 'eks';

/** What `install.sh` does and says about the settings of the autoscaler's controller, which it cannot change. */
interface ControlPlane {
  /** @throws UsageError naming the setting that the service does not offer */
  check(cluster: ClusterDescriptor): void;
  lines(cluster: ClusterDescriptor): string[];
}

/**
 * What the Elastic Kubernetes Service takes for the one setting that it offers (`horizontalPodAutoscalerSyncPeriod`
 * of its API's `HorizontalPodAutoscalerControllerConfigRequest`, since August 2026).
 */
const EKS_SYNC_MS = { least: 10_000, most: 15_000 };
const EKS_SETTING =
  'kubeControllerManagerConfig.horizontalPodAutoscalerControllerConfig.horizontalPodAutoscalerSyncPeriod';

/**
 * Where the arguments of kube-controller-manager are on Canonical Kubernetes (its documentation: bootstrap
 * configuration and hardening guide) and on clusters that kubeadm made.
 */
const WHERE_TO_SET = [
  'on Canonical Kubernetes: add them to /var/snap/k8s/common/args/kube-controller-manager on each control plane node, then "sudo systemctl restart snap.k8s.kube-controller-manager"; for new nodes they are extra-node-kube-controller-manager-args',
  'with kubeadm: controllerManager.extraArgs of the ClusterConfiguration',
];

/** The control planes of remote clusters. */
export const CONTROL_PLANES: Readonly<Record<RemoteName, ControlPlane>> = {
  existing: {
    check: () => undefined,
    lines: (cluster) => [
      'read_controller_manager',
      ...controllerFlags(cluster).map(({ name, value, initial }) =>
        command('controller_flag', name, value, initial),
      ),
      command('where_to_set', ...WHERE_TO_SET),
      ...gateLines(cluster),
    ],
  },
  aks: {
    check: (cluster) => {
      refuseFlags('AKS', changedFlags(cluster), 'offers no setting of kube-controller-manager');
      refuseGates('AKS', cluster);
    },
    lines: () => [
      command('fine', "AKS leaves the autoscaler's controller at Kubernetes' defaults, as rehearsed"),
    ],
  },
  eks: {
    check: (cluster) => {
      const others = changedFlags(cluster).filter(({ key }) => key !== 'syncPeriod');
      refuseFlags('EKS', others, 'offers the sync period alone');
      refuseGates('EKS', cluster);
      checkEksSync(cluster.autoscaling.syncPeriod);
    },
    lines: (cluster) => {
      const [sync] = changedFlags(cluster);
      return sync
        ? [
            command(
              'warning',
              `the rehearsal counted on a sync period of ${sync.value}: set ${EKS_SETTING} of the cluster to it (it takes a Provisioned Control Plane)`,
            ),
          ]
        : [command('fine', "EKS leaves the autoscaler's controller at Kubernetes' defaults, as rehearsed")];
    },
  },
};

function gateLines({ featureGates = {} }: ClusterDescriptor): string[] {
  return Object.entries(featureGates).map(([gate, enabled]) =>
    command(
      'warning',
      `the rehearsal counted on feature gate ${gate}=${String(enabled)}: kube-apiserver and kube-controller-manager need --feature-gates=${gate}=${String(enabled)}`,
    ),
  );
}

function refuseFlags(service: string, changed: readonly ControllerFlag[], why: string): void {
  const [flag] = changed;
  if (!flag) return;
  throw new UsageError(
    `cluster: autoscaling.${flag.key} is ${flag.value}, but ${service} ${why}; describe it with ${flag.initial}`,
  );
}

function refuseGates(service: string, { featureGates = {} }: ClusterDescriptor): void {
  const [gate] = Object.keys(featureGates);
  if (gate === undefined) return;
  throw new UsageError(
    `cluster: featureGates.${gate} is set, but ${service} does not let anybody choose feature gates; leave it out`,
  );
}

function checkEksSync(syncPeriod: string): void {
  const sync = parseGoDuration(syncPeriod);
  if (/^\d+[hms]$/.test(syncPeriod) && sync >= EKS_SYNC_MS.least && sync <= EKS_SYNC_MS.most) return;
  throw new UsageError(
    `cluster: autoscaling.syncPeriod is ${syncPeriod}, but EKS takes whole seconds from 10s to 15s; write such as 10s`,
  );
}
