import { namespaceOf } from '../kube/inventory';
import type { PodMonitor, ServiceMonitor } from '../kube/kinds/monitoring';
import { refOf, refText } from '../kube/object';
import {
  backendsOf,
  explainPodEndpoint,
  explainServiceEndpoint,
  podsOf,
  selectMonitors,
  servicesOf,
  type EndpointExplanation,
} from '../operator';
import type { Check } from './check';
import type { CheckContext } from './context';
import { didYouMean } from '../did-you-mean';

export const monitorNotSelected: Check = {
  id: 'monitor-not-selected',
  title: 'Every monitor is selected by a Prometheus',
  severity: 'error',
  *run({ inventory }) {
    const selections = inventory.prometheuses.map((prometheus) => selectMonitors(prometheus, inventory));
    const selected = new Set(selections.flatMap((selection) => selection.selected));
    for (const monitor of [...inventory.serviceMonitors, ...inventory.podMonitors]) {
      if (selected.has(monitor)) continue;
      const reasons = selections
        .flatMap(({ rejected }) => rejected)
        .filter((rejected) => rejected.monitor === monitor)
        .map(({ reason }) => reason);
      yield {
        object: refOf(monitor),
        message: `no Prometheus selects it: ${reasons.join('; ') || 'there is no Prometheus object'}`,
        fix: `give ${refText(refOf(monitor))} the labels and the namespace that a Prometheus selects`,
      };
    }
  },
};

export const prometheusSelectsNothing: Check = {
  id: 'prometheus-selects-nothing',
  title: 'Every Prometheus selects a monitor',
  severity: 'warning',
  *run({ inventory }) {
    for (const prometheus of inventory.prometheuses) {
      if (selectMonitors(prometheus, inventory).selected.length > 0) continue;
      yield {
        object: refOf(prometheus),
        message: 'it selects no ServiceMonitor and no PodMonitor, so it scrapes nothing',
        fix: 'set spec.serviceMonitorSelector or spec.podMonitorSelector to the labels of monitors',
      };
    }
  },
};

export const scrapeNotUnderstood: Check = {
  id: 'scrape-not-understood',
  title: 'What a Prometheus scrapes can be worked out',
  severity: 'info',
  *run({ scrapes }) {
    for (const { prometheus, problem } of scrapes) {
      if (problem === undefined) continue;
      yield {
        object: refOf(prometheus),
        message: `${problem}; what it scrapes is not verified`,
        fix: 'scrape by ServiceMonitors and PodMonitors that the Prometheus accepts',
      };
    }
  },
};

export const monitorSelectsNothing: Check = {
  id: 'monitor-selects-nothing',
  title: 'Every monitor selects a Service or pods',
  severity: 'error',
  *run({ inventory }) {
    for (const monitor of inventory.serviceMonitors) {
      if (servicesOf(monitor, inventory).length > 0) continue;
      yield nothingSelected(
        monitor,
        'Service',
        inventory.services.map(({ metadata }) => metadata.labels ?? {}),
      );
    }
    for (const monitor of inventory.podMonitors) {
      if (podsOf(monitor, inventory).length > 0) continue;
      const labels = inventory.workloads.map(({ spec }) => spec.template.metadata?.labels ?? {});
      yield nothingSelected(monitor, 'pod', labels);
    }
  },
};

function nothingSelected(
  monitor: ServiceMonitor | PodMonitor,
  what: string,
  present: readonly Readonly<Record<string, string>>[],
) {
  const { any, matchNames } = monitor.spec.namespaceSelector ?? {};
  const place = any
    ? 'in any namespace'
    : `in namespace ${(matchNames ?? [namespaceOf(monitor)]).join(', ')}`;
  const wanted = Object.entries(monitor.spec.selector.matchLabels ?? {});
  const hint = wanted
    .map(([key, value]) =>
      didYouMean(
        value,
        present.flatMap((labels) => labels[key] ?? []),
      ),
    )
    .find((text) => text !== '');
  return {
    object: refOf(monitor),
    message: `no ${what} ${place} has the labels that spec.selector wants${hint ?? ''}`,
    fix:
      `set spec.selector and spec.namespaceSelector of ${refText(refOf(monitor))} to a ${what} that exists; ` +
      `if a chart installs it, check its objects along with these`,
  };
}

export const monitorPortUnresolved: Check = {
  id: 'monitor-port-unresolved',
  title: 'Every endpoint of a monitor reaches a container port',
  severity: 'error',
  *run({ inventory }) {
    for (const monitor of inventory.serviceMonitors) {
      const services = servicesOf(monitor, inventory).filter(
        (service) => backendsOf(service, inventory).length > 0,
      );
      for (const [index, endpoint] of monitor.spec.endpoints.entries()) {
        const found = services.map((service) => explainServiceEndpoint(service, endpoint, inventory));
        const names = services.flatMap(({ spec }) => spec.ports ?? []).flatMap(({ name }) => name ?? []);
        yield* unresolved(monitor, `spec.endpoints[${index}]`, endpoint.port, found, names);
      }
    }
    for (const monitor of inventory.podMonitors) {
      const pods = podsOf(monitor, inventory);
      for (const [index, endpoint] of monitor.spec.podMetricsEndpoints.entries()) {
        const found = pods.map((pod) => explainPodEndpoint(pod, endpoint));
        const names = pods.flatMap(({ spec }) => spec.containers).flatMap(({ ports }) => ports ?? []);
        const known = names.flatMap(({ name }) => name ?? []);
        yield* unresolved(monitor, `spec.podMetricsEndpoints[${index}]`, endpoint.port, found, known);
      }
    }
  },
};

function* unresolved(
  monitor: ServiceMonitor | PodMonitor,
  field: string,
  port: string | undefined,
  found: readonly EndpointExplanation[],
  names: readonly string[],
) {
  if (found.length === 0 || found.some(({ reached }) => reached.length > 0)) return;
  yield {
    object: refOf(monitor),
    message: found.flatMap(({ problems }) => problems).join('; ') + didYouMean(port ?? '', names),
    fix: `set ${field}.port of ${refText(refOf(monitor))} to ${[...new Set(names)].map((name) => `"${name}"`).join(' or ') || 'a port that has a name'}`,
  };
}

export const scrapeWithoutMetrics: Check = {
  id: 'scrape-without-metrics',
  title: 'Where a monitor scrapes a program that is known, it finds metrics',
  severity: 'error',
  *run({ scrapes, programs }) {
    for (const { target, workload, container } of scrapes.flatMap(({ targets }) => targets)) {
      const program = workload && container && programs.of(workload, container);
      const { port, metricsPath, job } = target;
      if (!program || program.exposes(port, metricsPath)) continue;
      const owner = refText(refOf(workload));
      const request = { from: 'scrape', method: 'GET', path: metricsPath } as const;
      const found =
        program.status(port, request) === undefined
          ? `nothing listens on port ${port} of ${owner}`
          : `there are no metrics at ${metricsPath} on port ${port} of ${owner}`;
      const { exports } = program;
      yield {
        object: job.source,
        message: `endpoint ${job.endpointIndex}: ${found}, where ${program.name} runs`,
        fix: exports
          ? `scrape port ${exports.port} and path ${exports.path}, where ${program.name} exports its metrics`
          : `remove the endpoint: ${program.name} exports no metrics`,
      };
    }
  },
};

export const targetScrapedTwice: Check = {
  id: 'target-scraped-twice',
  title: 'A Prometheus scrapes no address twice',
  severity: 'warning',
  *run({ scrapes }) {
    for (const { prometheus, targets } of scrapes) {
      const first = new Map<string, string>();
      const reported = new Set<string>();
      for (const { target, workload } of targets) {
        const { name } = target.job;
        const address = `${target.address}${target.metricsPath}`;
        const other = first.get(address) ?? name;
        first.set(address, other);
        if (other === name || reported.has(`${other} ${name}`)) continue;
        reported.add(`${other} ${name}`);
        yield {
          object: target.job.source,
          message: `${refText(refOf(prometheus))} scrapes the pods of ${workload ? refText(refOf(workload)) : target.address} by both ${other} and ${name}, so every sum counts them twice`,
          fix: `remove one of the two endpoints`,
        };
      }
    }
  },
};

export const unknownProgram: Check = {
  id: 'unknown-program',
  title: 'It is known which series a scraped program exports',
  severity: 'info',
  *run(context) {
    for (const { object, image } of unknownPrograms(context)) {
      yield {
        object,
        message: `which series ${image} exports is not known, so the rules on them are not verified`,
        fix: 'look at its /metrics, or declare the program in the scenario of a rehearsal',
      };
    }
  },
};

function* unknownPrograms({ scrapes, programs }: CheckContext) {
  const seen = new Set<string>();
  for (const { known, workload, container } of scrapes.flatMap(({ targets }) => targets)) {
    if (known || !workload || container?.image === undefined) continue;
    // Where some of its series are known, a rule on others is a finding of its own.
    if (programs.of(workload, container)?.exports) continue;
    const key = `${refText(refOf(workload))} ${container.image}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield { object: refOf(workload), image: container.image };
  }
}
