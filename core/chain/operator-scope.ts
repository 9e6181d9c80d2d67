import { commandLine, flagValues } from '../kube/command-line';
import { namespaceOf } from '../kube/inventory';
import type { Prometheus } from '../kube/kinds/monitoring';
import type { Workload } from '../kube/kinds/pod';
import type { AccessRequest } from '../kube/rbac';
import { isPrometheusOperator } from '../workloads';
import { requestsFor } from './access';

const MONITORING = 'monitoring.coreos.com';
const MONITORS = ['servicemonitors', 'podmonitors', 'probes', 'prometheusrules'];
/** What the operator makes for a Prometheus. */
const MADE = [
  { group: 'apps', resource: 'statefulsets' },
  { group: '', resource: 'secrets' },
  { group: '', resource: 'configmaps' },
  { group: '', resource: 'services' },
];
/** Those of them that it watches too. */
const WATCHED = MADE.filter(({ resource }) => resource !== 'services');

/** `unknown` where the arguments hold a variable whose value the objects do not tell. */
type Places = readonly string[] | 'all' | 'unknown';

/**
 * The namespaces that a Prometheus Operator watches, from its arguments: `--namespaces`, `--deny-namespaces` and
 * `--prometheus-instance-namespaces` (`cmd/operator/main.go`; the access it needs, `example/rbac/prometheus-operator`).
 */
export class OperatorScope {
  private constructor(
    private readonly monitors: Places,
    private readonly prometheuses: Places,
    private readonly denied: readonly string[],
  ) {}

  static of(operator: Workload): OperatorScope {
    const container = operator.spec.template.spec.containers.find(({ image }) => isPrometheusOperator(image));
    const words = container ? commandLine(container) : [];
    const monitors = placesOf(words, 'namespaces') ?? 'all';
    return new OperatorScope(
      monitors,
      placesOf(words, 'prometheus-instance-namespaces') ?? monitors,
      valuesOf(words, 'deny-namespaces'),
    );
  }

  /** Whether it makes servers of the Prometheus objects of a namespace. */
  operatesIn(namespace: string): boolean {
    return this.holds(this.prometheuses, namespace);
  }

  /** Whether it reads the monitors of a namespace. */
  readsMonitorsIn(namespace: string): boolean {
    return this.holds(this.monitors, namespace);
  }

  /** What it must be allowed to in order to make a server of a Prometheus object. */
  requestsFor(prometheus: Prometheus): readonly AccessRequest[] {
    const own = namespaceOf(prometheus);
    const watch = (places: Places, group: string, resource: string) =>
      namespacesIn(places, own).flatMap((place) =>
        requestsFor({ group, resource }, place, ['list', 'watch']),
      );
    return [
      ...watch(this.prometheuses, MONITORING, 'prometheuses'),
      ...MONITORS.flatMap((resource) => watch(this.monitors, MONITORING, resource)),
      ...WATCHED.flatMap(({ group, resource }) => watch(this.prometheuses, group, resource)),
      ...MADE.flatMap((resource) => requestsFor(resource, own, ['create', 'update'])),
    ];
  }

  private holds(places: Places, namespace: string): boolean {
    if (this.denied.includes(namespace)) return false;
    return typeof places === 'string' || places.includes(namespace);
  }
}

/** Namespaces to ask in; `undefined` is all at once. */
function namespacesIn(places: Places, own: string): readonly (string | undefined)[] {
  if (places === 'all') return [undefined];
  return places === 'unknown' ? [own] : places;
}

function placesOf(words: readonly string[], flag: string): Places | undefined {
  const values = valuesOf(words, flag);
  if (values.length === 0) return undefined;
  if (values.some((value) => value.includes('$('))) return 'unknown';
  return values.includes('') ? 'all' : values;
}

/** Values of a flag, several with commas. */
function valuesOf(words: readonly string[], flag: string): readonly string[] {
  return flagValues(words, flag).flatMap((value) => value.split(','));
}
