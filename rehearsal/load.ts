import { parseGoDuration } from '../core/kube/duration';
import { namespaceOf } from '../core/kube/inventory';
import type { Scenario } from '../core/model';
import type { OutgoingCall } from '../core/workloads';
import { Connection, type Paths } from './connection';
import { addressText } from './network';
import type { VirtualPod } from './virtual-pod';

/** All that one workload, or one client of the scenario, sends to one Service. */
export interface LoadGroup {
  readonly name: string;
  readonly target: string;
  readonly connections: Set<Connection>;
}

interface PodCall {
  readonly connection: Connection;
  readonly group: LoadGroup;
  /** Its part of what the pod sends. */
  readonly share: number;
}

/** Sends the requests of load generators and of the scenario's clients. */
export class Load {
  private readonly groups = new Map<string, LoadGroup>();
  private readonly byPod = new Map<
    VirtualPod,
    { runs: VirtualPod['runs']; readonly calls: readonly PodCall[] }
  >();
  /** Requests a second of each pod of a workload, where the scenario says it. */
  private readonly rates = new Map<string, number>();
  private agentsSeen = 0;
  /** Called after a rate or a route changed. */
  onChange: () => void = () => undefined;

  constructor(private readonly paths: Paths) {
    const { pods, scenario } = paths.world;
    for (const change of scenario.load) this.planChange(change);
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
    if (runs !== known?.runs && (known || runs.length > 0)) {
      for (const { connection, group } of known?.calls ?? []) {
        connection.close();
        group.connections.delete(connection);
      }
      if (runs.length > 0) this.byPod.set(pod, { runs, calls: this.open(pod, runs) });
      else this.byPod.delete(pod);
    }
    const { version } = this.paths.agents;
    if (version !== this.agentsSeen) {
      this.agentsSeen = version;
      for (const { connections } of this.groups.values()) {
        for (const connection of connections) connection.reroute();
      }
    }
    this.onChange();
  }

  private open(pod: VirtualPod, runs: VirtualPod['runs']): readonly PodCall[] {
    const name = workloadName(pod);
    const calls = runs.flatMap(({ program }) => program.calls);
    const total = calls.reduce((sum, { rate }) => sum + rate, 0);
    return calls.map((call) => {
      const connection = new Connection(this.paths, pod, call, pod.owner);
      const group = this.group(name, addressText(call));
      group.connections.add(connection);
      const share = total === 0 ? 1 / calls.length : call.rate / total;
      const rate = this.rates.get(name);
      connection.setRate(rate === undefined ? call.rate : rate * share);
      return { connection, group, share };
    });
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
      for (const [pod, { calls }] of this.byPod) {
        if (workloadName(pod) !== generator) continue;
        for (const { connection, share } of calls) connection.setRate(rate * share);
      }
      this.onChange();
    });
  }

  private addClient({ name, to, method, path, connections, steps }: Scenario['clients'][number]): void {
    const { clock, journal } = this.paths.world;
    const [, namespace = '', service = '', port] = /^(.*)\/(.*):(\d+)$/.exec(to) ?? [];
    const call = {
      namespace,
      service,
      port: Number(port),
      method,
      path,
      keepAlive: connections === 'keep-alive',
    };
    const owner = { apiVersion: 'v1', kind: 'Service', namespace, name: service };
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

function workloadName({ workload }: VirtualPod): string {
  return `${namespaceOf(workload)}/${workload.metadata.name}`;
}
