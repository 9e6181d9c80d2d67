import type { ClusterState, NodeState, PodState } from '../../core/kube/cluster-state';
import { Reflector, type ApiClient, type Patience } from '../kube-api';
import type { Logger } from '../runtime';
import { readNode, readPod } from './objects';

/** Pods that are over take nothing: the API server need not send them. */
const NOT_OVER = 'status.phase!=Succeeded,status.phase!=Failed';

/** What the copy is made with. */
export interface ClusterCopyProps {
  readonly client: ApiClient;
  readonly patience: Patience;
  /** How old the newest word of the API server may be before the copy counts as stale, in milliseconds. */
  readonly staleMs: number;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
}

/** The nodes and pods of a cluster, or why they are not known. */
export type Knowledge = { readonly state: ClusterState } | { readonly unknown: string };

/** A copy of the cluster's nodes and pods that stays up to date, and knows when it does not. */
export class ClusterCopy {
  private readonly nodes: Reflector<NodeState>;
  private readonly pods: Reflector<PodState>;
  private readonly end = new AbortController();
  private runs: Promise<unknown> = Promise.resolve();

  constructor(private readonly props: ClusterCopyProps) {
    const { client, patience, now, random, logger } = props;
    const common = {
      ...{ client, patience, now, random },
      onProblem: (message: string, details: Readonly<Record<string, string | number>>) =>
        logger.warn(message, details),
    };
    this.nodes = new Reflector({ ...common, path: '/api/v1/nodes', read: readNode });
    this.pods = new Reflector({ ...common, path: '/api/v1/pods', fieldSelector: NOT_OVER, read: readPod });
  }

  start(): void {
    this.runs = Promise.all([this.nodes.run(this.end.signal), this.pods.run(this.end.signal)]);
  }

  async stop(): Promise<void> {
    this.end.abort(new Error('stopping'));
    await this.runs;
  }

  /** Both lists are in and neither watch is dead; else what is missing. */
  get knowledge(): Knowledge {
    const [nodes, pods] = [this.nodes.values, this.pods.values];
    if (!nodes || !pods) {
      return { unknown: `no list of ${nodes ? 'pods' : pods ? 'nodes' : 'nodes and pods'} yet` };
    }
    const heard = Math.min(this.nodes.heardMs ?? 0, this.pods.heardMs ?? 0);
    const silentMs = this.props.now() - heard;
    if (silentMs > this.props.staleMs) {
      return { unknown: `nothing heard of the API server for ${Math.round(silentMs / 1000)} s` };
    }
    return { state: { nodes, pods } };
  }
}
