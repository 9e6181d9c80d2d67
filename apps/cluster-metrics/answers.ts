import type { Markup } from '../../core/markup';
import { clusterCapacity, type ClusterCapacity } from '../../core/workloads/capacity';
import type { CapacityConfig } from '../../core/workloads/capacity-config';
import { CAPACITY_PATH, capacitySamples, CLUSTER_METRICS } from '../../core/workloads/cluster-metrics';
import { EXPOSITION_TYPE, expositionText } from '../../core/workloads/exposition-text';
import { HEALTH } from '../../core/workloads/paths';
import { pageReply } from '../page';
import { text, type HttpReply, type Lifecycle } from '../runtime';
import type { ClusterCopy } from './cluster-copy';
import type { History } from './history';
import { CAPACITY_STYLE } from './page/style';
import { capacityView, unknownView } from './page/view';

/** What answers are made from. */
interface Sources {
  readonly copy: Pick<ClusterCopy, 'knowledge'>;
  readonly config: CapacityConfig;
  readonly history: History;
  readonly lifecycle: Lifecycle;
  readonly now: () => number;
}

type Answers = Readonly<Record<string, () => HttpReply>>;

/** What the exporter answers on its paths. */
export function answersOf({ copy, config, history, lifecycle, now }: Sources): Answers {
  const whenKnown = (answer: (capacity: ClusterCapacity) => HttpReply) => (): HttpReply => {
    const { knowledge } = copy;
    return 'state' in knowledge
      ? answer(clusterCapacity(knowledge.state, config))
      : text(503, knowledge.unknown);
  };
  return {
    '/': () => pageReply({ title: 'Cluster capacity', content: content(), style: CAPACITY_STYLE }),
    [CAPACITY_PATH]: whenKnown((capacity) => json({ at: new Date(now()).toISOString(), ...capacity })),
    [CLUSTER_METRICS.path]: whenKnown((capacity) => ({
      status: 200,
      type: EXPOSITION_TYPE,
      body: expositionText(CLUSTER_METRICS, capacitySamples(capacity)),
    })),
    [HEALTH.ready]: () => (lifecycle.ready ? whenKnown(() => text(200, 'ok'))() : text(503, 'stopping')),
  };

  function content(): Markup {
    const { knowledge } = copy;
    if (!('state' in knowledge)) return unknownView(now(), knowledge.unknown);
    const capacity = clusterCapacity(knowledge.state, config);
    return capacityView({
      nowMs: now(),
      capacity,
      history: history.with(now(), capacity),
      hasOpportunistic: config.opportunistic !== undefined,
    });
  }
}

function json(value: object): HttpReply {
  return {
    status: 200,
    type: 'application/json; charset=utf-8',
    body: `${JSON.stringify(value)}\n`,
    headers: { 'cache-control': 'no-store' },
  };
}
