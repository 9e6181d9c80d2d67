import { urlMismatch } from '../chain';
import { didYouMean } from '../did-you-mean';
import { findServicePort, servingContainers } from '../kube/endpoints';
import { refOf, refText } from '../kube/object';
import { typeOf } from '../promql';
import type { Check } from './check';
import type { CheckContext } from './context';
import { exportedNames } from './exported-series';
import { doubtAbout, RECORDED } from './metric-links';
import { recordedNames } from './recordings';
import { readQueries, type QueryUse, type ReadQuery } from './rule-queries';
import type { Scrape } from './scrapes';
import { isSingle } from './single-element';

export const triggerPrometheusUnreachable: Check = {
  id: 'trigger-prometheus-unreachable',
  title: 'The Prometheus address of every trigger leads to a Prometheus',
  severity: 'error',
  *run({ triggers, inventory }) {
    for (const { ref, path, trigger, address, scrape } of triggers) {
      const place = `serverAddress of ${path}`;
      if ('reason' in address) {
        if (address.outside) continue;
        yield {
          object: ref,
          message: `${place}, ${trigger.serverAddress}, ${address.reason}`,
          fix: `set ${place} to http://<service>.<namespace>.svc:<port> of Prometheus`,
        };
        continue;
      }
      const mismatch = scrape && urlMismatch(address, scrape.prometheus);
      if (scrape && mismatch !== undefined) {
        yield {
          object: ref,
          message: `${place} leads to ${refText(refOf(scrape.prometheus))}, but ${mismatch}`,
          fix: `set scheme and path of ${place} to those`,
        };
      }
      const { namespace, service, port } = address;
      // A Service without pods is a finding of its own.
      if (findServicePort(inventory, namespace, service, port)) continue;
      yield {
        object: ref,
        message: `${place}, ${trigger.serverAddress}, leads to port ${port} of Service ${namespace}/${service}, which does not exist`,
        fix: `set ${place} to a Service of Prometheus and its port`,
      };
    }
  },
};

export const triggerSeriesNotScraped: Check = {
  id: 'trigger-series-not-scraped',
  title: 'The series behind every trigger are scraped',
  severity: 'error',
  *run(context) {
    for (const { use, scrape, doubt } of unscraped(context)) {
      if (doubt !== undefined) continue;
      yield {
        object: use.ref,
        message: `${use.path} reads ${use.selector.name}, but ${whyNoSeries(use, scrape, context)}`,
        fix: `monitor a program that exports ${use.selector.name}, or correct ${use.field}`,
      };
    }
  },
};

export const triggerNotVerified: Check = {
  id: 'trigger-not-verified',
  title: 'The series behind every trigger can be verified',
  severity: 'info',
  *run(context) {
    for (const { use, doubt } of unscraped(context)) {
      if (doubt === undefined) continue;
      yield {
        object: use.ref,
        message: `${use.path}: where ${use.selector.name} comes from is not verified: ${doubt}`,
        fix: 'try the query in Prometheus',
      };
    }
  },
};

export const triggerResultType: Check = {
  id: 'trigger-result-type',
  title: 'The query of every trigger gives a vector',
  severity: 'error',
  *run(context) {
    for (const { ref, path, field, expr } of triggerQueries(context)) {
      const type = typeOf(expr);
      if (type === 'instant vector') continue;
      yield {
        object: ref,
        message: `${path}: its query gives a ${type}, and KEDA reads the elements of a vector`,
        fix: type === 'scalar' ? `write vector(…) around ${field}` : `write ${field} without the range`,
      };
    }
  },
};

export const triggerResultAmbiguous: Check = {
  id: 'trigger-result-ambiguous',
  title: 'The query of every trigger gives one element at most',
  severity: 'warning',
  *run(context) {
    for (const { ref, path, field, expr } of triggerQueries(context)) {
      if (typeOf(expr) !== 'instant vector' || isSingle(expr)) continue;
      yield {
        object: ref,
        message: `${path}: its query can give several elements, one for each series or group, and then KEDA has an error instead of a value`,
        fix: `aggregate in ${field} without "by", as in sum(…)`,
      };
    }
  },
};

/** The queries of triggers. */
function triggerQueries(context: CheckContext): readonly ReadQuery[] {
  return readQueries(context).filter(({ rule }) => !rule);
}

/** Readings of triggers that find no series, and why that may be wrong. */
function unscraped(context: CheckContext) {
  const recorded = recordedNames(context.inventory);
  return triggerQueries(context).flatMap(({ ref, path, uses }) => {
    const trigger = context.triggers.find((each) => each.ref === ref && each.path === path);
    return uses.flatMap((use) => {
      const { name } = use.selector;
      if (name === undefined || use.series.length > 0) return [];
      const scrape = trigger?.scrape;
      const doubt =
        outsideOf(trigger) ?? doubtAbout(scrape, name) ?? (recorded.has(name) ? RECORDED : undefined);
      return [{ use, scrape, doubt }];
    });
  });
}

/** Says of a trigger that asks something outside of what is known. */
function outsideOf(check: CheckContext['triggers'][number] | undefined): string | undefined {
  if (!check || !('reason' in check.address)) return undefined;
  return `${check.trigger.serverAddress} ${check.address.reason}`;
}

function whyNoSeries(
  { selector: { name = '' } }: QueryUse,
  scrape: Scrape | undefined,
  { podMakers, programs }: CheckContext,
): string {
  const server = scrape ? refText(refOf(scrape.prometheus)) : 'Prometheus';
  const exporter = podMakers.find((workload) =>
    servingContainers(workload.spec.template.spec).some((container) => {
      const contract = programs.of(workload, container)?.exports;
      return contract !== undefined && exportedNames(contract).includes(name);
    }),
  );
  if (exporter) return `${server} does not get it from ${refText(refOf(exporter))}, which exports it`;
  const known = new Set(scrape?.series.map((series) => series.name));
  return `nothing that ${server} scrapes exports it${didYouMean(name, known)}`;
}
