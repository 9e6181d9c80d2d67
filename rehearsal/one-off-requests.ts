import { parseGoDuration } from '../core/kube/duration';
import { resolveTargetPort } from '../core/kube/endpoints';
import { refText, type ObjectRef } from '../core/kube/object';
import type { Scenario } from '../core/model';
import { answerOf, type Answer } from './answer';
import type { Endpoints } from './endpoints';
import { addressOf } from './network';
import type { VirtualPod } from './virtual-pod';
import type { World } from './world';

type Request = Scenario['requests'][number];

/** The lowest HTTP status that is an error. */
const FIRST_ERROR = 400;

/**
 * Single requests of the scenario, as somebody sends them through `kubectl port-forward service/NAME`: to the pod that
 * is ready for the longest time, by way of the API server and the kubelet, so that no network policy applies.
 */
export class OneOffRequests {
  constructor(
    private readonly world: World,
    private readonly endpoints: Endpoints,
  ) {
    world.scenario.requests.forEach((request, index) => {
      world.clock.at(parseGoDuration(request.at), () => this.send(request, index));
    });
  }

  private send(request: Request, index: number): void {
    const { clock, journal } = this.world;
    const { namespace, service: name } = addressOf(request.to);
    const ref = { apiVersion: 'v1', kind: 'Service', namespace, name };
    const found = this.receiver(request);
    const answer = typeof found === 'string' ? found : ask(found.pod, found.port, request, clock.now);
    const what = `${request.method} ${request.path}`;
    if (typeof answer === 'string') return this.report(ref, index, `${what} to ${request.to}: ${answer}`);
    answer.run.settle(clock.now);
    answer.run.answer(answer.growth, 1);
    for (const passed of answer.passed) passed.observe(1);
    if (answer.status >= FIRST_ERROR) return this.report(ref, index, `${what} → ${answer.status}`);
    journal.event('scenario', refText(ref), 'RequestAnswered', `${what} → ${answer.status}`, 'Normal');
  }

  /** A request that failed is not sent again, so the problem stays. */
  private report(ref: ObjectRef, index: number, message: string): void {
    const { journal } = this.world;
    journal.event('scenario', refText(ref), 'RequestFailed', message, 'Warning');
    journal.state('load', ref, `request ${index}`, [message]);
  }

  /** The pod that it goes to, and its port there; or why there is none. */
  private receiver({ to }: Request): { readonly pod: VirtualPod; readonly port: number } | string {
    const { namespace, service, port } = addressOf(to);
    const target = this.endpoints.find(namespace, service);
    if (!target) return `Service ${namespace}/${service} does not exist`;
    const servicePort = target.service.spec.ports?.find((candidate) => candidate.port === port);
    if (!servicePort) return `the Service has no port ${port}`;
    const [pod] = [...target.ready].sort((a, b) => a.readySinceMs - b.readySinceMs || a.number - b.number);
    if (!pod) return 'no pod behind the Service is ready';
    const number = resolveTargetPort(servicePort, pod.spec);
    return number === undefined
      ? `no container port is called "${servicePort.targetPort}"`
      : { pod, port: number };
  }
}

/** The answer, or why there is none. */
function ask(pod: VirtualPod, port: number, { method, path, body }: Request, nowMs: number): Answer | string {
  const answer = answerOf(pod, port, { from: 'client', method, path, body }, nowMs);
  return answer ?? `nothing listens on port ${port} of pod ${pod.name}`;
}
