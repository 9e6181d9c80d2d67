import type { Workload } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import type { Check } from './check';
import type { CheckContext } from './context';
import { callsOf } from './hops';
import { peersOf } from './network';
import { queryUses, type QueryUse } from './rule-queries';

/** Which ends of a connection report its requests; `server` is the proxy at the receiver. */
const REPORTERS = ['server', 'client'] as const;
type Reporter = (typeof REPORTERS)[number];

/** A call that an L7 metric is meant to count, with those who report it and those whose reports are read. */
interface CountedCall {
  readonly use: QueryUse;
  readonly from: Workload;
  readonly to: Workload;
  readonly reporting: readonly Reporter[];
  readonly read: readonly Reporter[];
}

export const l7PolicyMissing: Check = {
  id: 'l7-policy-missing',
  title: 'Where an L7 metric is read, an L7 policy has it made',
  severity: 'error',
  *run(context) {
    for (const { use, from, to, reporting, read } of countedCalls(context)) {
      if (read.some((reporter) => reporting.includes(reporter))) continue;
      const side = read.includes('server') ? 'ingress' : 'egress';
      yield {
        object: refOf(side === 'ingress' ? to : from),
        message: `${use.selector.name} counts requests at L7 proxies, but no L7 policy puts one in the way from ${refText(refOf(from))} to ${refText(refOf(to))} (${side})`,
        fix: `add http rules to toPorts of a CiliumNetworkPolicy for ${side} of ${refText(refOf(side === 'ingress' ? to : from))}`,
      };
    }
  },
};

export const l7CountedTwice: Check = {
  id: 'l7-counted-twice',
  title: 'An L7 metric counts every request once',
  severity: 'error',
  *run(context) {
    const seen = new Set<string>();
    for (const { use, from, to, reporting, read } of countedCalls(context)) {
      if (!REPORTERS.every((reporter) => reporting.includes(reporter) && read.includes(reporter))) continue;
      const key = `${refText(use.ref)} ${use.path}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield {
        object: use.ref,
        message: `${use.path}: L7 policies report requests from ${refText(refOf(from))} to ${refText(refOf(to))} at both ends, and its query counts both`,
        fix: `add reporter="server" to the selector in ${use.field}`,
      };
    }
  },
};

/** Calls to the workloads that autoscalers scale by an L7 metric. */
function countedCalls(context: CheckContext): readonly CountedCall[] {
  if (!context.network.enforced) return [];
  const uses = queryUses(context).filter((use) => isMadeByProxies(use, context));
  const calls = uses.length === 0 ? [] : callsOf(context);
  return uses.flatMap((use) => {
    const scaled = new Set(use.scaled.map((workload) => refText(refOf(workload))));
    return calls.flatMap(({ from, call, to }) =>
      to
        .filter(({ workload }) => scaled.has(refText(refOf(workload))))
        .flatMap(({ workload, port }) => {
          const http = { method: call.method, path: call.path };
          const reporting = reportersOf(context, from, workload, port, http);
          return reporting ? [{ use, from, to: workload, reporting, read: readersOf(use) }] : [];
        }),
    );
  });
}

/** Whether the series come from an agent that reports requests crossing its proxy. */
function isMadeByProxies({ series }: QueryUse, { programs }: CheckContext): boolean {
  return series.some(({ from: { workload, container }, labels }) => {
    if (!workload || !container || !('reporter' in labels)) return false;
    return programs.of(workload, container)?.observes !== undefined;
  });
}

/** `undefined` if the call does not get through, or that is not known. */
function reportersOf(
  { network }: CheckContext,
  from: Workload,
  to: Workload,
  port: number,
  http: { readonly method: string; readonly path: string },
): readonly Reporter[] | undefined {
  const verdicts = peersOf(from).flatMap((source) =>
    peersOf(to).map((target) => network.verdict({ from: source, to: target, port, protocol: 'TCP', http })),
  );
  if (!verdicts.every((verdict) => verdict?.allowed)) return undefined;
  return [
    ...(verdicts.some((verdict) => verdict?.proxied.ingress) ? (['server'] as const) : []),
    ...(verdicts.some((verdict) => verdict?.proxied.egress) ? (['client'] as const) : []),
  ];
}

function readersOf({ selector }: QueryUse): readonly Reporter[] {
  const matchers = selector.matchers.filter(({ label }) => label === 'reporter');
  return REPORTERS.filter((reporter) => matchers.every((matcher) => matcher.matches(reporter)));
}
