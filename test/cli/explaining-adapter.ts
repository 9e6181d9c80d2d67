import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { Queries } from '../../apps/adapter/queries';
import { Explanations } from '../../apps/adapter/service/explanations';
import { UsageValues } from '../../apps/adapter/service/usage-values';
import { Registry, type QueryOutcome } from '../../core/adapter';
import { encodeStatus, route, type ApiStatus } from '../../core/adapter/api';
import { ApiResources } from '../../core/kube/api-resources';
import { discover, readSeries, runAsking, storeReplies, type Reply } from '../../core/rule-explain';
import { parseAdapterConfig } from '../../core/rules';
import { issue } from '../apps/adapter/auth/certificates';

export const SERVER_NAME = 'adapter.monitoring.svc';
export const TOKEN = 'a-token';

const AUTHORITY = issue({ name: 'adapter-ca', authority: true });
const SERVING = issue({ name: 'adapter', by: AUTHORITY, dnsNames: [SERVER_NAME] });

export interface ExplainedWorld {
  readonly config: string;
  /** Series in Prometheus' notation, a minute between their values. */
  readonly series: string;
  /** All there are, of namespace `shop`. */
  readonly pods: readonly string[];
  readonly nodes?: readonly string[];
}

/** A loopback server that explains by the adapter's own code; its Prometheus and its cluster are in memory. */
export class ExplainingAdapter {
  /** What was asked. */
  readonly targets: string[] = [];
  private readonly server: Server;

  private constructor(explain: (target: string) => Promise<string | ApiStatus>) {
    const credentials = { cert: SERVING.certificate, key: SERVING.key };
    this.server = createServer(credentials, (request, response) => {
      const target = request.url ?? '';
      this.targets.push(target);
      const known = request.headers.authorization === `Bearer ${TOKEN}`;
      const answer = known ? explain(target) : Promise.resolve(UNAUTHORIZED);
      void answer.then((said) => {
        response.statusCode = typeof said === 'string' ? 200 : said.code;
        response.end(typeof said === 'string' ? said : encodeStatus(said));
      });
    });
  }

  static async start(world: ExplainedWorld): Promise<ExplainingAdapter> {
    const explanations = explanationsOf(world);
    const adapter = new ExplainingAdapter(async (target) => {
      const routed = route('GET', target);
      if (routed.kind === 'refused') return routed.status;
      if (routed.kind !== 'explain') return NOT_FOUND;
      return explanations.explain(routed, new AbortController().signal);
    });
    await new Promise<void>((resolve) => adapter.server.listen(0, '127.0.0.1', resolve));
    return adapter;
  }

  /** PEM. */
  readonly authority = AUTHORITY.certificate;

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const UNAUTHORIZED: ApiStatus = { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
const NOT_FOUND: ApiStatus = {
  code: 404,
  reason: 'NotFound',
  message: 'the server could not find the requested resource',
};

function explanationsOf({ config, series, pods, nodes = [] }: ExplainedWorld): Explanations {
  const { store, lastMs } = readSeries([{ text: series, where: 'series' }], {
    intervalMs: 60_000,
    targetLabels: {},
  });
  const reply = storeReplies(store, lastMs);
  const registry = runAsking(
    discover(Registry.tolerant(parseAdapterConfig(config, 'config'), ApiResources.builtin(), OPTIONS)),
    reply,
  );
  const now = () => lastMs;
  const source = {
    query: (query: string) => Promise.resolve(outcomeOf(reply({ kind: 'query', query }))),
    labelValues: () => Promise.resolve({ values: store.labelValues('__name__') }),
  };
  const objectsOf = (names: readonly string[], namespace: string) =>
    names.map((name) => ({ name, namespace, labels: {}, createdMs: 0 }));
  const queries = new Queries({
    source: () => source,
    now,
    stop: new AbortController().signal,
    onQuery: () => undefined,
    onResult: () => undefined,
    onFusedQuery: () => undefined,
    onFusedRequest: () => undefined,
  });
  const running = objectsOf(pods, 'shop');
  const there = objectsOf(nodes, '');
  const usage = new UsageValues({
    queries,
    now,
    onSampleAge: () => undefined,
    objects: {
      runningPods: () => Promise.resolve(running),
      runningPod: (_namespace, wanted) => Promise.resolve(running.find(({ name }) => name === wanted)),
      nodes: () => Promise.resolve(there),
      node: (wanted) => Promise.resolve(there.find(({ name }) => name === wanted)),
    },
  });
  return new Explanations({
    registry: () => registry,
    // Pods have the label `app`: their name without its number.
    objects: {
      names: (_resource, _namespace, selector) =>
        Promise.resolve(pods.filter((name) => selector.matches({ app: name.replace(/-\d+$/, '') }))),
    },
    usage,
    source: () => source,
    maxAgeMs: 600_000,
    now,
  });
}

const OPTIONS = { gate: 'named', rootScope: 'cluster' } as const;

function outcomeOf(reply: Reply): QueryOutcome {
  if (reply.kind !== 'query') throw new TypeError('a query is answered by its outcome');
  return reply.outcome;
}
