import { formatDuration, parseGoDuration } from '../core/kube/duration';
import { namespaceOf } from '../core/kube/inventory';
import type { Scenario } from '../core/model';
import type { OutgoingCall } from '../core/workloads';
import { Connection, type Paths } from './connection';
import { addressOf, addressText } from './network';
import type { ProgramRun } from './program-run';
import type { VirtualPod } from './virtual-pod';

/** All that one workload, or one client of the scenario, sends to one Service. */
export interface LoadGroup {
  readonly name: string;
  readonly target: string;
  readonly connections: Set<Connection>;
}

interface RunCall {
  readonly connection: Connection;
  readonly group: LoadGroup;
  /** Its part of what the pod sends. */
  readonly share: number;
}

/** Sends the requests of load generators and of the scenario's clients. */
export class Load {
  private readonly groups = new Map<string, LoadGroup>();
  private readonly byPod = new Map<VirtualPod, Map<ProgramRun, readonly RunCall[]>>();
  /** Requests a second of each pod of a workload, where the scenario says it. */
  private readonly rates = new Map<string, number>();
  private agentsSeen = 0;
  /** Called after a rate or a route changed. */
  onChange: () => void = () => undefined;

  constructor(private readonly paths: Paths) {
    const { pods, scenario } = paths.world;
    for (const change of scenario.load) this.planChange(change);
    for (const change of scenario.latencies) this.planLatency(change);
    for (const client of scenario.clients) this.addClient(client);
    pods.onChange((pod) => this.podChanged(pod));
  }

  all(): Iterable<LoadGroup> {
    return this.groups.values();
  }

  /** Announces a workload's calls, so that they are listed even if none of its pods ever runs. */
  announce(name: string, calls: readonly OutgoingCall[]): void {
    for (const call of calls) this.group(name, addressText(call));
  }

  private group(name: string, target: string): LoadGroup {
    const key = `${name} ${target}`;
    let group = this.groups.get(key);
    if (!group) {
      group = { name, target, connections: new Set() };
      this.groups.set(key, group);
    }
    return group;
  }

  private podChanged(pod: VirtualPod): void {
    const known = this.byPod.get(pod);
    const runs = pod.deleting ? [] : pod.runs;
    for (const [run, calls] of known ?? []) {
      if (!runs.includes(run)) this.close(pod, run, calls);
    }
    const added = runs.filter((run) => !known?.has(run));
    if (added.length > 0) this.open(pod, added);
    if (pod.gone) this.byPod.delete(pod);
    const { version } = this.paths.agents;
    if (version !== this.agentsSeen) {
      this.agentsSeen = version;
      this.rerouteAll();
    }
    this.onChange();
  }

  private rerouteAll(): void {
    for (const { connections } of this.groups.values()) {
      for (const connection of connections) connection.reroute();
    }
  }

  private open(pod: VirtualPod, runs: readonly ProgramRun[]): void {
    const name = workloadName(pod);
    const opened = runs.flatMap((run) =>
      run.program.calls.map((call) => ({ run, call, connection: this.connect(pod, call) })),
    );
    const total = opened.reduce((sum, { connection }) => sum + connection.flow.sent, 0);
    const rate = this.rates.get(name);
    const byRun = this.byPod.get(pod) ?? new Map<ProgramRun, readonly RunCall[]>();
    this.byPod.set(pod, byRun);
    for (const run of runs) byRun.set(run, []);
    for (const { run, call, connection } of opened) {
      const share = total === 0 ? 1 / opened.length : connection.flow.sent / total;
      const group = this.group(name, addressText(call));
      group.connections.add(connection);
      byRun.set(run, [...(byRun.get(run) ?? []), { connection, group, share }]);
      if (rate !== undefined) connection.setRate(rate * share);
      connection.onEnd = () => this.callEnded(pod, run);
    }
  }

  private connect(pod: VirtualPod, call: OutgoingCall): Connection {
    return new Connection(this.paths, pod, call, pod.owner);
  }

  private close(pod: VirtualPod, run: ProgramRun, calls: readonly RunCall[]): void {
    for (const { connection, group } of calls) {
      connection.close();
      group.connections.delete(connection);
      if (!pod.deleting) this.reportSent(pod, connection);
    }
    this.byPod.get(pod)?.delete(run);
  }

  /** What a program sent that has ended. */
  private reportSent(pod: VirtualPod, { call, flow }: Connection): void {
    const { sent, answered } = flow.counts;
    const message = `sent ${Math.round(sent)} requests to ${addressText(call)}, ${Math.round(answered)} of them were answered`;
    this.paths.world.journal.event(
      'load',
      `Pod ${pod.namespace}/${pod.name}`,
      'LoadEnded',
      message,
      'Normal',
    );
  }

  /** A program has ended once all of its calls have. */
  private callEnded(pod: VirtualPod, run: ProgramRun): void {
    this.onChange();
    const calls = this.byPod.get(pod)?.get(run) ?? [];
    if (!calls.every(({ connection }) => connection.flow.ended)) return;
    const { clock } = this.paths.world;
    const restMs = Math.max(...calls.map(({ connection }) => restOf(connection.call)));
    const { needsAnswers } = run.program;
    const succeeded =
      needsAnswers === undefined || calls.every(({ connection }) => connection.gotAnswers(needsAnswers));
    if (Number.isFinite(restMs)) clock.after(restMs, () => run.onEnd(succeeded));
  }

  private planChange({ generator, at, rate }: Scenario['load'][number]): void {
    const { clock, journal } = this.paths.world;
    clock.at(parseGoDuration(at), () => {
      this.rates.set(generator, rate);
      journal.event(
        'scenario',
        generator,
        'LoadChanged',
        `each pod sends ${rate} requests a second`,
        'Normal',
      );
      for (const [pod, byRun] of this.byPod) {
        if (workloadName(pod) !== generator) continue;
        for (const { connection, share } of [...byRun.values()].flat()) connection.setRate(rate * share);
      }
      this.onChange();
    });
  }

  private planLatency({ workload, at, latency }: Scenario['latencies'][number]): void {
    const { world, latencies } = this.paths;
    const latencyMs = parseGoDuration(latency);
    world.clock.at(parseGoDuration(at), () => {
      latencies.change(workload, latencyMs);
      const message = `answers take ${formatDuration(latencyMs)}`;
      world.journal.event('scenario', workload, 'LatencyChanged', message, 'Normal');
      this.rerouteAll();
      this.onChange();
    });
  }

  private addClient({ name, to, method, path, connections, steps }: Scenario['clients'][number]): void {
    const { clock, journal } = this.paths.world;
    const address = addressOf(to);
    const call = {
      ...address,
      method,
      path,
      pace: { kind: 'open', rate: 0 } as const,
      keepAlive: connections === 'keep-alive',
    };
    const owner = { apiVersion: 'v1', kind: 'Service', namespace: address.namespace, name: address.service };
    const connection = new Connection(this.paths, 'world', call, owner);
    this.group(name, addressText(call)).connections.add(connection);
    for (const { at, rate } of steps) {
      clock.at(parseGoDuration(at), () => {
        journal.event('scenario', name, 'LoadChanged', `sends ${rate} requests a second to ${to}`, 'Normal');
        connection.setRate(rate);
        this.onChange();
      });
    }
  }
}

/** What a sender does after its last answer, in milliseconds. */
function restOf({ pace }: Connection['call']): number {
  return pace.kind === 'closed' ? pace.afterMs : 0;
}

function workloadName({ workload }: VirtualPod): string {
  return `${namespaceOf(workload)}/${workload.metadata.name}`;
}
