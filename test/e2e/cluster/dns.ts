import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { decode, encode, RECURSION_DESIRED, streamDecode, streamEncode, type Packet } from 'dns-packet';
import { z } from 'zod';
import { AUTHORITATIVE_ANSWER } from 'dns-packet';
import { Reflector } from '../../../apps/kube-api';
import { DNS_DOMAIN } from '../sandbox/addresses';
import type { KubeClient } from './kube-client';
import { QUICK } from './patience';

const TTL_SECONDS = 5;
const PORT = 53;
const NAME_ERROR = 3;

const named = z.object({ name: z.string(), namespace: z.string() });
const service = z.object({
  metadata: named,
  spec: z.object({ clusterIP: z.string().optional(), externalName: z.string().optional() }),
});
const slice = z.object({
  metadata: z.object({ namespace: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        hostname: z.string().optional(),
        conditions: z.object({ ready: z.boolean().optional() }).optional(),
        targetRef: z.object({ name: z.string() }).optional(),
      }),
    )
    .nullish(),
});

type Service = z.infer<typeof service>;
type Slice = z.infer<typeof slice>;

/** What names of Services mean at a moment. */
export interface Zone {
  readonly services: readonly Service[];
  readonly slices: readonly Slice[];
}

/**
 * Addresses of a name of the cluster's domain, as the DNS specification of Kubernetes has them: of a Service its own, of a
 * headless one those of its ready pods, of a pod with a host name below it that one's.
 * @returns undefined if there is no such name
 */
function addressesOf(name: string, { services, slices }: Zone): readonly string[] | undefined {
  const suffix = `.svc.${DNS_DOMAIN}`;
  const lower = name.toLowerCase();
  if (!lower.endsWith(suffix)) return undefined;
  const [namespace, serviceName, host, ...rest] = lower.slice(0, -suffix.length).split('.').reverse();
  const found = services.find(
    ({ metadata }) => metadata.name === serviceName && metadata.namespace === namespace,
  );
  if (!found || rest.length > 0) return undefined;
  const { clusterIP } = found.spec;
  if (clusterIP !== undefined && clusterIP !== 'None') return host === undefined ? [clusterIP] : undefined;
  const ready = slices
    .filter(({ metadata }) => {
      return (
        metadata.namespace === namespace && metadata.labels['kubernetes.io/service-name'] === serviceName
      );
    })
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false);
  if (host === undefined) return ready.flatMap(({ addresses }) => addresses);
  const one = ready.filter(({ hostname }) => hostname === host).flatMap(({ addresses }) => addresses);
  return one.length > 0 ? one : undefined;
}

/** Answers pods' questions for addresses of Services, from copies of them and of their EndpointSlices. */
export class ClusterDns {
  private readonly stopping = new AbortController();

  private constructor(
    private readonly udp: Socket,
    private readonly tcp: Server,
    private readonly services: Reflector<Service>,
    private readonly slices: Reflector<Slice>,
  ) {
    udp.on('message', (message, { port, address }) => {
      const reply = this.reply(message);
      if (reply) udp.send(encode(reply), port, address);
    });
  }

  static async start(client: KubeClient, address: string): Promise<ClusterDns> {
    const follow = <Value>(path: string, shape: z.ZodType<Value>): Reflector<Value> =>
      new Reflector({
        client: client.api,
        path,
        read: (object) => shape.parse(object),
        ...QUICK,
      });
    const udp = createSocket('udp4');
    const tcp = createServer();
    const dns = new ClusterDns(
      udp,
      tcp,
      follow('/api/v1/services', service),
      follow('/apis/discovery.k8s.io/v1/endpointslices', slice),
    );
    tcp.on('connection', (socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', (data: Buffer) => {
        const reply = dns.reply(streamDecode(data));
        if (reply) socket.end(streamEncode(reply));
      });
    });
    await new Promise<void>((resolve, reject) => {
      udp.once('error', reject);
      udp.bind(PORT, address, resolve);
    });
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(PORT, address, resolve);
    });
    void dns.services.run(dns.stopping.signal);
    void dns.slices.run(dns.stopping.signal);
    return dns;
  }

  stop(): void {
    this.stopping.abort();
    this.udp.close();
    this.tcp.close();
  }

  private reply(message: Buffer | Packet): Packet | undefined {
    let query: Packet;
    try {
      query = Buffer.isBuffer(message) ? decode(message) : message;
    } catch {
      return undefined;
    }
    const [question] = query.questions ?? [];
    if (query.type !== 'query' || !question) return undefined;
    const addresses = addressesOf(question.name, {
      services: this.services.values ?? [],
      slices: this.slices.values ?? [],
    });
    const answers = question.type === 'A' ? (addresses ?? []) : [];
    return {
      type: 'response',
      ...(query.id === undefined ? {} : { id: query.id }),
      flags: AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & RECURSION_DESIRED) | (addresses ? 0 : NAME_ERROR),
      questions: [question],
      answers: answers.map((data) => ({ type: 'A', name: question.name, ttl: TTL_SECONDS, data })),
    };
  }
}
