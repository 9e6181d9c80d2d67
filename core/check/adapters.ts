import type { Registry } from '../adapter';
import { urlMismatch } from '../chain';
import { findServicePort } from '../kube/endpoints';
import { refOf, refText, type ObjectRef } from '../kube/object';
import type { Check } from './check';
import type { RuleBook } from './rule-books';
import type { RuleSource } from './rule-sources';

/** Steps that are the adapter's own; those before are of the APIService and its Service. */
const ADAPTER_STEPS = ['flags', 'listen', 'config', 'prometheus'];

export const adapterMisconfigured: Check = {
  id: 'adapter-misconfigured',
  title: 'The metrics adapter starts: its arguments and rules are valid',
  severity: 'error',
  *run({ adapters, ruleBooks }) {
    for (const { step, object, message, fix } of adapters.flatMap(({ problems }) => problems)) {
      if (ADAPTER_STEPS.includes(step)) yield { object, message, fix };
    }
    for (const { ref, problem } of ruleBooks) {
      if (!problem || problem.notUnderstood) continue;
      yield { object: ref, message: problem.message, fix: 'correct what the message names' };
    }
    for (const { ref, adapter, registry } of ruleBooks) {
      if (adapter.program === 'plimsoll' && registry) yield* brokenRules(ref, registry);
    }
  },
};

function sourcesOf(books: readonly RuleBook[]): readonly RuleSource[] {
  return books.flatMap(({ sources }) => [...sources.values()]);
}

/** Rules that prometheus-adapter would not start with, or list nothing for: others are served all the same. */
function* brokenRules(object: ObjectRef, { broken, rules }: Registry) {
  const refused = rules.flatMap(({ path, source, selectorProblem: problem }) =>
    problem === undefined
      ? []
      : [{ path, message: `${path}: seriesQuery ${source.seriesQuery}: ${problem}` }],
  );
  for (const { path, message } of [...broken, ...refused]) {
    yield {
      object,
      message: `${message}; the adapter serves nothing of ${path}, and all other rules`,
      fix: 'correct what the message names',
    };
  }
}

export const adapterNotUnderstood: Check = {
  id: 'adapter-not-understood',
  title: 'What serves metrics is an adapter for Prometheus whose rules are understood',
  severity: 'info',
  *run({ adapters, ruleBooks }) {
    for (const { step, object, message, fix } of adapters.flatMap(({ problems }) => problems)) {
      if (step === 'container') yield { object, message, fix };
      if (step === 'outside') {
        const fix = 'ask the cluster for the metrics';
        yield { object, message: `${message}; its metrics are not verified`, fix };
      }
    }
    for (const { name, setting, holder, address } of sourcesOf(ruleBooks)) {
      if (name === '' || !address || !('reason' in address)) continue;
      const fix = 'ask the cluster for the metrics';
      yield { object: holder, message: `${setting} ${address.reason}; its metrics are not verified`, fix };
    }
    for (const { ref, problem } of ruleBooks) {
      if (!problem?.notUnderstood) continue;
      yield {
        object: ref,
        message: `${problem.message}; its metrics are not verified`,
        fix: 'write the rule without it, or ask the cluster for the metrics',
      };
    }
  },
};

export const prometheusUnreachable: Check = {
  id: 'prometheus-unreachable',
  title: 'The Prometheus addresses of the adapter lead to pods',
  severity: 'error',
  *run({ ruleBooks, inventory }) {
    for (const { setting, holder, address, scrape } of sourcesOf(ruleBooks)) {
      if (!address || 'reason' in address) continue;
      const mismatch = scrape && urlMismatch(address, scrape.prometheus);
      if (scrape && mismatch !== undefined) {
        yield {
          object: holder,
          message: `${setting} leads to ${refText(refOf(scrape.prometheus))}, but ${mismatch}`,
          fix: `set scheme and path of ${setting} of ${refText(holder)} to those`,
        };
      }
      const { namespace, service, port } = address;
      // A Service without pods is a finding of its own.
      if (findServicePort(inventory, namespace, service, port)) continue;
      yield {
        object: holder,
        message: `${setting} leads to port ${port} of Service ${namespace}/${service}, which does not exist`,
        fix: `set ${setting} of ${refText(holder)} to a Service of Prometheus and its port`,
      };
    }
  },
};
