import { createServer, type Server } from 'node:http';
import { parseHubbleMetrics } from '../../../core/workloads/hubble-config';
import { HUBBLE_METRICS, type HttpFlow } from '../../../core/workloads';
import { EXPOSITION_TYPE, expositionText } from '../../../core/workloads/exposition-text';
import type { Labels } from '../../../core/kube/selector';

interface Counted {
  readonly labels: Labels;
  readonly flow: HttpFlow;
  value: number;
}

/** What the agent of one node has counted, and the server that tells Prometheus. */
export class AgentMetrics {
  private readonly counted = new Map<string, Counted>();
  private readonly server: Server;

  private constructor(private readonly setting: NonNullable<ReturnType<typeof parseHubbleMetrics>>) {
    this.server = createServer((request, response) => {
      if (request.url !== HUBBLE_METRICS.path) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(this.text());
    });
  }

  /**
   * @param setting of `hubble-metrics` in ConfigMap cilium-config
   * @throws Error if it does not count HTTP requests
   */
  static async start(setting: string, address: string, port: number): Promise<AgentMetrics> {
    const parsed = parseHubbleMetrics(setting);
    if (!parsed) throw new Error(`hubble-metrics "${setting}" counts no HTTP requests`);
    const agent = new AgentMetrics(parsed);
    await new Promise<void>((resolve, reject) => {
      agent.server.once('error', reject);
      agent.server.listen(port, address, resolve);
    });
    return agent;
  }

  observe(flow: HttpFlow): void {
    const labels = this.setting.labelsOf(flow);
    const key = JSON.stringify(labels);
    const known = this.counted.get(key);
    if (known) known.value++;
    else this.counted.set(key, { labels, flow, value: 1 });
  }

  /** As Hubble does when a pod is gone. */
  forget(namespace: string, pod: string): void {
    const { source, destination } = this.setting.forgets;
    for (const [key, { flow }] of this.counted) {
      const gone =
        (source && flow.source.namespace === namespace && flow.source.pod === pod) ||
        (destination && flow.destination.namespace === namespace && flow.destination.pod === pod);
      if (gone) this.counted.delete(key);
    }
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private text(): string {
    const { name } = HUBBLE_METRICS.series.requests;
    const contract = {
      ...HUBBLE_METRICS,
      series: {
        requests: {
          ...HUBBLE_METRICS.series.requests,
          labels: [...new Set([...this.counted.values()].flatMap(({ labels }) => Object.keys(labels)))],
        },
      },
    };
    return expositionText(
      contract,
      [...this.counted.values()].map(({ labels, value }) => ({ name, labels, value })),
    );
  }
}
