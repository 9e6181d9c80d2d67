import type { Timeline } from '../../core/model';

/** An image, unpacked: what a container runtime needs of it. */
export interface ImageBundle {
  /** Folder with the root file system; shared by containers, mounted read-only. */
  readonly rootFolder: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  /** `10001:10001`, a name of /etc/passwd, or empty for root. */
  readonly user: string;
  readonly workingDir: string;
}

/** Images that this machine has. */
export interface ImageStore {
  /** @returns undefined if there is no such image: the pod waits in `ErrImagePull`, as with a wrong name in a cluster */
  bundle(reference: string): ImageBundle | undefined;
}

/** A node that is announced to the API server. */
export interface NodeSpec {
  readonly name: string;
  /** `172.20.0.2`. */
  readonly address: string;
  /** `10.244.1.0/24`. */
  readonly podCidr: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Quantities: cpu, memory, pods, ephemeral-storage. */
  readonly capacity: Readonly<Record<string, string>>;
}

/** Where clients inside the cluster and of the harness find things. */
export interface ClusterAccess {
  /** Folder of the run; logs of pods go to `logs/pods`, data of pods to `pods`. */
  readonly folder: string;
  /** PEM. */
  readonly caCertificate: string;
  /** Client certificate of `system:masters`, PEM. */
  readonly adminCertificate: string;
  readonly adminKey: string;
  /** `172.20.0.1`, 6443. */
  readonly apiServerAddress: string;
  readonly apiServerPort: number;
  /** `10.96.0.1`: what pods get as KUBERNETES_SERVICE_HOST. */
  readonly kubernetesServiceAddress: string;
  /** `10.96.0.10`. */
  readonly dnsAddress: string;
  readonly dnsDomain: string;
}

/** The pods of a cluster as real processes. */
export interface NodeAgent {
  /** Stops all pods and ends what was started for them. */
  stop(): Promise<void>;
}

/** A run of a stack on the real cluster beside its rehearsal. */
export interface RunPair {
  readonly run: string;
  readonly real: Timeline;
  readonly rehearsed: Timeline;
  /** Of both, after scaling. */
  readonly syncPeriodMs: number;
  readonly scrapeIntervalMs: number;
  /** Metrics, by their names, that were measured and given to the rehearsal: their values are not compared. */
  readonly inputs?: readonly string[];
}
