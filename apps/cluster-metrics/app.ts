import { clusterCapacity } from '../../core/workloads/capacity';
import { readCapacityConfig } from '../../core/workloads/capacity-config';
import { CLUSTER_METRICS_PATHS, clusterMetrics } from '../../core/workloads/cluster-metrics';
import { ApiClient, PATIENCE, type Patience } from '../kube-api';
import { programService, type App, type Lifecycle, type Logger, type Service } from '../runtime';
import { answersOf } from './answers';
import { ClusterCopy } from './cluster-copy';
import { History } from './history';
import { accessFor, exporterSettings, type ExporterSettings } from './settings';

const HISTORY_POINTS = 240;
const HISTORY_PERIOD_MS = 15_000;

/**
 * Watches nodes and pods, and exports the capacity that they make. While it does not know the cluster it is not ready
 * and exports nothing: an autoscaler had better keep what it has than act on numbers that are wrong.
 */
export function clusterMetricsApp(patience: Patience = PATIENCE): App<ExporterSettings> {
  return {
    name: 'cluster-metrics',
    settings: exporterSettings,
    create: (settings, logger, lifecycle) => exporter(settings, patience, logger, lifecycle),
  };
}

function exporter(
  settings: ExporterSettings,
  patience: Patience,
  logger: Logger,
  lifecycle: Lifecycle,
): Service {
  const config = readCapacityConfig((name) => settings[name]);
  const { now } = Date;
  const copy = new ClusterCopy({
    client: new ApiClient(accessFor(settings)),
    ...{ patience, logger, now, random: Math.random },
    staleMs: settings.STALE_AFTER,
  });
  const history = new History(HISTORY_POINTS);
  const recording = setInterval(() => {
    const { knowledge } = copy;
    history.add(now(), 'state' in knowledge ? clusterCapacity(knowledge.state, config) : undefined);
  }, HISTORY_PERIOD_MS);
  copy.start();
  return {
    ...programService({
      program: clusterMetrics(config),
      paths: CLUSTER_METRICS_PATHS,
      answers: answersOf({ copy, config, history, lifecycle, now }),
      lifecycle,
    }),
    async close() {
      clearInterval(recording);
      await copy.stop();
    },
  };
}
