import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { NotSupportedError } from '../../../core/errors';
import type { Container, Handler, Probe } from './pod';
import { demandsRestart, initialProbeState, probed, type ProbeKind, type ProbeState } from './probe-state';
import type { RunningContainer } from './runc';

/** Soon after the start, whatever the period: the kubelet is woken up when a container starts. */
const EAGER_MS = [250, 1000];

/** What a probe looks at. */
export interface ProbedContainer {
  readonly container: Container;
  readonly running: RunningContainer;
  readonly podIP: string;
}

/** One probe of one running container, until it is stopped. */
export class Prober {
  private state: ProbeState;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private tried = 0;

  /** @param onChange told after each answer that changes something */
  constructor(
    private readonly kind: ProbeKind,
    private readonly probe: Probe,
    private readonly target: ProbedContainer,
    private readonly onChange: (healthy: boolean, restart: boolean) => void,
  ) {
    this.state = initialProbeState(kind);
    this.next(probe.initialDelaySeconds * 1000 + (kind === 'liveness' ? 0 : (EAGER_MS[0] ?? 0)));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private next(afterMs: number): void {
    this.timer = setTimeout(() => void this.ask(), afterMs);
  }

  private async ask(): Promise<void> {
    const success = await handle(this.probe, this.target, this.probe.timeoutSeconds * 1000).catch(
      () => false,
    );
    if (this.stopped) return;
    const before = this.state;
    this.state = probed(before, success, this.probe);
    const restart = demandsRestart(this.kind, this.state, this.probe);
    if (before.healthy !== this.state.healthy || restart) this.onChange(this.state.healthy, restart);
    const eager = this.kind !== 'liveness' && !this.state.healthy ? EAGER_MS[++this.tried] : undefined;
    const periodMs = this.probe.periodSeconds * 1000;
    this.next(eager === undefined ? periodMs : Math.min(eager, periodMs));
  }
}

/**
 * Does what a probe or a hook says.
 * @returns whether it succeeded
 * @throws NotSupportedError for gRPC
 */
export async function handle(
  handler: Handler,
  { container, running, podIP }: ProbedContainer,
  timeoutMs: number,
): Promise<boolean> {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec) return (await running.exec(exec.command, timeoutMs)).code === 0;
  if (httpGet) {
    const { host = podIP, path, scheme, httpHeaders } = httpGet;
    const port = portOf(httpGet.port, container);
    const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
    return httpSucceeds(
      { host, port, path, headers: { 'user-agent': 'kube-probe/1.36', ...headers } },
      scheme,
      timeoutMs,
    );
  }
  if (tcpSocket) return tcpSucceeds(tcpSocket.host ?? podIP, portOf(tcpSocket.port, container), timeoutMs);
  if (grpc)
    throw new NotSupportedError(`container ${container.name}: gRPC probes; use httpGet, tcpSocket or exec`);
  if (sleep) await new Promise((resolve) => setTimeout(resolve, sleep.seconds * 1000));
  return true;
}

function portOf(port: string | number, { ports }: Container): number {
  const named = ports.find(({ name }) => name === port);
  return named?.containerPort ?? Number(port);
}

function httpSucceeds(
  options: {
    readonly host: string;
    readonly port: number;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  scheme: string,
  timeoutMs: number,
): Promise<boolean> {
  const send = scheme === 'HTTPS' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    // A probe looks at nobody's certificate (`pkg/probe/http/http.go`).
    const sent = send(
      { ...options, agent: false, timeout: timeoutMs, rejectUnauthorized: false },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        resolve(status >= 200 && status < 400);
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(false));
    sent.end();
  });
}

function tcpSucceeds(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const settle = (success: boolean) => (): void => {
      socket.destroy();
      resolve(success);
    };
    socket.once('connect', settle(true));
    socket.once('timeout', settle(false));
    socket.once('error', settle(false));
  });
}
