import { resolveTargetPort } from '../core/kube/endpoints';
import type { ObjectRef } from '../core/kube/object';
import { sendersOf, type OutgoingCall } from '../core/workloads';
import { answerOf } from './answer';
import type { Endpoints, ServiceEndpoints } from './endpoints';
import { Flow, type Route } from './flow';
import { flowEnd, type HubbleAgents, type HubbleReport } from './hubble';
import type { Latencies } from './latencies';
import { addressText, blockedText, type Network, type Sender } from './network';
import type { VirtualPod } from './virtual-pod';
import type { World } from './world';

const PROTOCOL = 'HTTP/1.1';
/** Status from which on an answer is an error. */
const LEAST_ERROR = 400;

/** The parts through which requests go. */
export interface Paths {
  readonly world: World;
  readonly endpoints: Endpoints;
  readonly network: Network;
  readonly agents: HubbleAgents;
  readonly latencies: Latencies;
}

/** Requests of one sender to one Service, rerouted whenever the pods behind it change. */
export class Connection {
  readonly flow: Flow;
  /** Called once all its requests were sent. */
  onEnd: () => void = () => undefined;
  private readonly target: ServiceEndpoints | undefined;
  private readonly unsubscribe: (() => void) | undefined;
  private pods: readonly VirtualPod[] = [];
  /** Whether some of the pods that it reaches now answer with an error. */
  private bad = false;
  /** What keeps requests from being answered. */
  private problems: readonly string[] = [];
  /** Counts the moments that an end was planned for; only the newest holds. */
  private plans = 0;

  /** @param owner who sends, for messages */
  constructor(
    private readonly paths: Paths,
    private readonly from: Sender,
    readonly call: OutgoingCall,
    private readonly owner: ObjectRef,
  ) {
    const { cluster, scenario, random } = paths.world;
    const isKept = call.keepAlive && cluster.serviceBalancing === 'connection';
    this.flow = new Flow({
      kept: isKept ? sendersOf(call.pace) : 0,
      random: scenario.noise ? random : undefined,
      latencyMs: paths.latencies.usual,
      total: call.total,
    });
    this.target = paths.endpoints.find(call.namespace, call.service);
    this.unsubscribe = this.target?.onChange(() => this.reroute());
    this.reroute();
    this.flow.setPace(call.pace, paths.world.clock.now);
    this.changed();
  }

  /** @param rate requests a second from now on, whatever the call's own pace is */
  setRate(rate: number): void {
    this.flow.setRate(rate, this.paths.world.clock.now);
    this.changed();
  }

  /** Whether everything that was sent was answered; without noise, parts of requests add up but for rounding. */
  gotAnswers(needed: 'any' | 'good'): boolean {
    const { sent, answered } = this.flow.counts;
    return Math.round(sent) === Math.round(answered) && !(needed === 'good' && this.bad);
  }

  close(): void {
    this.setRate(0);
    this.flow.setRoutes([], [], this.paths.world.clock.now);
    this.unsubscribe?.();
  }

  /** To be called after the rate may have changed. */
  private changed(): void {
    this.report();
    const plan = ++this.plans;
    const endMs = this.flow.nextEndMs;
    if (endMs === undefined) return;
    this.paths.world.clock.at(endMs, () => {
      if (plan !== this.plans) return;
      this.flow.endLanes(this.paths.world.clock.now);
      this.changed();
      if (this.flow.ended) this.onEnd();
    });
  }

  /** Works out again where requests go. */
  reroute(): void {
    const problems: string[] = [];
    const pods = this.reachable(problems);
    this.bad = false;
    const routes = pods.map(({ pod, port }) => this.route(pod, port, problems));
    const next = pods.map(({ pod }) => pod);
    this.flow.setRoutes(
      routes,
      next.map((pod) => this.pods.indexOf(pod)),
      this.paths.world.clock.now,
    );
    this.pods = next;
    this.problems = [...new Set(problems)];
    this.changed();
  }

  /** Pods that the Service sends requests to, and the port they get them on. */
  private reachable(problems: string[]): readonly { readonly pod: VirtualPod; readonly port: number }[] {
    const { call, target } = this;
    const address = addressText(call);
    if (!target) {
      problems.push(`requests to ${address}: Service ${call.namespace}/${call.service} does not exist`);
      return [];
    }
    const servicePort = target.service.spec.ports?.find(({ port }) => port === call.port);
    if (!servicePort) {
      problems.push(`requests to ${address}: the Service has no port ${call.port}`);
      return [];
    }
    const dns = this.paths.network.dnsProblem(this.from);
    if (dns !== undefined) {
      problems.push(`requests to ${address}: ${dns}`);
      return [];
    }
    const pods = target.ready.flatMap((pod) => {
      const port = resolveTargetPort(servicePort, pod.spec);
      if (port === undefined) {
        problems.push(`requests to ${address}: no container port is called "${servicePort.targetPort}"`);
        return [];
      }
      return [{ pod, port }];
    });
    if (target.ready.length === 0)
      problems.push(`requests to ${address}: no pod behind the Service is ready`);
    return pods;
  }

  private route(pod: VirtualPod, port: number, problems: string[]): Route {
    const { call, from, paths } = this;
    const { method, path, body } = call;
    const latencyMs = paths.latencies.of(pod.workload);
    const lost: Route = { run: undefined, growth: undefined, latencyMs, reports: [] };
    const verdict = paths.network.verdict(from, pod, port, { method, path });
    if (!verdict.allowed) {
      problems.push(`requests to ${addressText(call)}: ${blockedText(verdict) ?? 'blocked'}`);
      return lost;
    }
    const answer = answerOf(pod, port, { from: 'client', method, path, body }, paths.world.clock.now);
    if (!answer) {
      problems.push(`requests to ${addressText(call)}: nothing listens on port ${port} of its pods`);
      return lost;
    }
    const { run, growth, status, passed } = answer;
    this.bad ||= status >= LEAST_ERROR;
    const reports = [...this.reports(pod, verdict.proxied, status), ...passed];
    return { run, growth, latencyMs, reports };
  }

  /** The agents at the proxies on the way: the receiver's on ingress, the sender's on egress. */
  private reports(
    pod: VirtualPod,
    proxied: { readonly ingress: boolean; readonly egress: boolean },
    status: number,
  ): readonly HubbleReport[] {
    const { agents } = this.paths;
    const sender = typeof this.from === 'string' ? undefined : this.from;
    const flow = {
      source: flowEnd(sender),
      destination: flowEnd(pod),
      method: this.call.method,
      protocol: PROTOCOL,
      status,
    };
    const found = [
      proxied.ingress ? agents.report(pod.node, { ...flow, reporter: 'server' }) : undefined,
      proxied.egress ? agents.report(sender?.node, { ...flow, reporter: 'client' }) : undefined,
    ];
    return found.filter((report) => report !== undefined);
  }

  /** Who sends nothing misses nothing. */
  private report(): void {
    const sender = typeof this.from === 'string' ? this.from : this.from.name;
    const about = `${sender} ${addressText(this.call)}`;
    this.paths.world.journal.state('load', this.owner, about, this.flow.sent === 0 ? [] : this.problems);
  }
}
