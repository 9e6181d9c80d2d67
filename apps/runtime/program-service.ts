import { Counters } from '../../core/workloads/counters';
import { EXPOSITION_TYPE, expositionText } from '../../core/workloads/exposition-text';
import { DEFAULT_PORT, HEALTH, methodsOf, type Paths } from '../../core/workloads/paths';
import type { IncomingRequest, Program, Sample } from '../../core/workloads/program';
import type { Lifecycle, Service } from './app';
import { text, type HttpReply, type HttpRequest } from './http';

type Answer = (request: HttpRequest, samples: readonly Sample[]) => HttpReply | Promise<HttpReply>;

/** Takes the time of a program's requests. With one, a request is counted when it is answered, not when it comes. */
export interface Meter {
  answered(request: HttpRequest, seconds: number): void;
  /** Series besides those that the program's model counts. */
  samples(): readonly Sample[];
}

/** A program of `core/workloads` behind an HTTP server. */
export interface ProgramServiceProps {
  /** Its model, as it is for the default port: it says what each request is answered and counts. */
  readonly program: Program;
  readonly paths: Paths;
  /**
   * What each path answers to requests that the model accepts. Metrics and the paths of `HEALTH` need none, unless there
   * is more to them than counted requests and being told to stop.
   */
  readonly answers: Readonly<Record<string, Answer>>;
  /** One line that says why the model refuses a request with 400. */
  readonly refusal?: (request: HttpRequest) => string;
  readonly meter?: Meter;
  readonly lifecycle: Lifecycle;
}

/** Answers and counts requests exactly as the program's model does in a rehearsal. */
export function programService(props: ProgramServiceProps): Service {
  const { program, meter } = props;
  const counters = new Counters(program.series);
  const samples = () => [...counters.samples, ...(meter?.samples() ?? [])];
  return {
    async handle(request) {
      const started = performance.now();
      const incoming = incomingRequest(request);
      const status = program.status(DEFAULT_PORT, incoming) ?? 404;
      if (!meter) counters.count(incoming);
      const reply = await (status === 200
        ? accepted(props, request, samples())
        : refused(props, request, status));
      // A readiness probe is refused by a program that stops; its model knows nothing of that.
      if (meter && reply.status === status) {
        counters.count(incoming);
        meter.answered(request, (performance.now() - started) / 1000);
      }
      return reply;
    },
  };
}

/** The model does not tell who asks: a real program cannot know. */
function incomingRequest({ method, path, body }: HttpRequest): IncomingRequest {
  return { from: 'client', method, path, ...(body.length > 0 ? { body: body.toString() } : {}) };
}

function accepted(
  { program, answers, lifecycle }: ProgramServiceProps,
  request: HttpRequest,
  samples: readonly Sample[],
): HttpReply | Promise<HttpReply> {
  const { path } = request;
  const answer = answers[path];
  if (answer) return answer(request, samples);
  if (program.exports && program.exposes(DEFAULT_PORT, path)) {
    return { status: 200, type: EXPOSITION_TYPE, body: expositionText(program.exports, samples) };
  }
  if (path === HEALTH.ready && !lifecycle.ready) return text(503, 'stopping');
  return text(200, 'ok');
}

function refused({ paths, refusal }: ProgramServiceProps, request: HttpRequest, status: number): HttpReply {
  const { method, path } = request;
  if (status === 404) return text(404, `nothing is at ${path}`);
  if (status === 405) {
    const allow = (methodsOf(paths, path) ?? []).join(', ');
    return text(405, `${path} does not answer ${method}, only ${allow}`, { allow });
  }
  return text(status, refusal?.(request) ?? 'the request cannot be answered');
}
