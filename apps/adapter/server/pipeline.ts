import {
  forbidden,
  internalFailure,
  requestTimeout,
  tooManyRequests,
  unauthorized,
} from '../../../core/adapter/api';
import {
  PRIVILEGED_GROUP,
  type RequestAttributes,
  type UserInfo,
} from '../../../core/adapter/api/authorization';
import { messageOf } from '../../../core/errors';
import { type Logger } from '../../runtime';
import { QuietLog } from '../quiet-log';
import {
  VisibleHeaders,
  type Authenticator,
  type Authorizer,
  type FailureLimiter,
  type NotAuthenticated,
  type Peer,
  type RequestHeaders,
} from '../auth';
import { type ApiHandler, type ApiReply, type RoutedRequest } from './call';
import { type ServerLimits } from './limits';
import { screenRequest } from './request-line';
import { type RequestSignal } from './request-signal';
import { statusReply } from './status-reply';

/** A request whose head was read, whatever protocol brought it. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: RequestHeaders;
  readonly peer: Peer;
  readonly gone: RequestSignal;
}

/** What became of a request. */
export interface Outcome {
  readonly reply: ApiReply;
  /** Absent if it did not get as far. */
  readonly routed?: RoutedRequest | undefined;
  readonly user?: UserInfo | undefined;
  /** Nobody that is known: such clients do not get to keep an HTTP/2 connection (CVE-2023-44487). */
  readonly stranger: boolean;
}

/** What the pipeline leaves to others. */
export interface PipelineProps<Routed extends RoutedRequest> {
  /** Makes sense of a request line. */
  readonly route: (method: string, target: string) => Routed;
  readonly handler: ApiHandler<Routed>;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  /** Counts failures of strangers. */
  readonly failures: FailureLimiter;
  readonly limits: ServerLimits;
  readonly logger: Logger;
}

/** `retryAfter` of `pkg/server/filters/maxinflight.go`. */
const BUSY_MS = 1000;
/** Node takes a longer time for a millisecond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How far a request has got. */
interface Progress<Routed extends RoutedRequest> {
  readonly request: IncomingRequest;
  readonly routed: Routed;
  user?: UserInfo;
  stranger: boolean;
  /** Whether it is one of those that are worked on. */
  counted: boolean;
  /** Whether it was answered already, because its time was over. */
  late: boolean;
}

/** Takes each request through screening, authentication, limits and authorization to the handler. */
export class Pipeline<Routed extends RoutedRequest> {
  private working = 0;
  private readonly quiet: QuietLog;

  constructor(private readonly props: PipelineProps<Routed>) {
    this.quiet = new QuietLog(props.logger, Date.now);
  }

  /** Requests that are worked on; none of somebody who was not recognised yet. */
  get inFlight(): number {
    return this.working;
  }

  /** Never rejects. */
  async answer(request: IncomingRequest): Promise<Outcome> {
    const { method, target } = request;
    try {
      const refusal = screenRequest(target, request.headers, this.props.limits, (name) =>
        this.props.authenticator.isIdentityHeader(name),
      );
      if (refusal) return { reply: statusReply(refusal), stranger: true };
      const routed = this.props.route(method, target);
      return await this.routed({ request, routed, stranger: true, counted: false, late: false });
    } catch (error) {
      this.props.logger.error('request failed', { method, target, error: asError(error) });
      return { reply: statusReply(internalFailure('see the log of the adapter')), stranger: false };
    }
  }

  /** The time of a request is for all of it: an API server that does not answer reviews holds nobody for longer. */
  private async routed(progress: Progress<Routed>): Promise<Outcome> {
    const { request, routed } = progress;
    const { requestMs } = this.props.limits;
    const limitMs = Math.min(requestMs, routed.timeoutMs || requestMs, LONGEST_TIMER_MS);
    try {
      const reply = await withinTime(this.worked(progress), limitMs, () => {
        progress.late = true;
        request.gone.abort(`no answer within ${limitMs} ms`);
      });
      return { reply, routed, user: progress.user, stranger: progress.stranger };
    } finally {
      if (progress.counted) this.working -= 1;
    }
  }

  private async worked(progress: Progress<Routed>): Promise<ApiReply> {
    const { request, routed } = progress;
    const authentication = await this.props.authenticator.authenticate(request);
    if (isGivenUp(progress)) return timedOut();
    if (!('user' in authentication)) return this.unknown(request, authentication);
    const { user, method } = authentication;
    progress.user = user;
    progress.stranger = method === 'anonymous';
    progress.counted = true;
    this.working += 1;
    const attributes = routed.attributes ?? asPath(request);
    if (!this.props.authorizer.isOpen(attributes)) {
      const stranger = progress.stranger ? request.peer.address : undefined;
      const refusal =
        this.tooBusy(user, stranger) ?? (await this.unauthorized(progress, user, attributes, stranger));
      if (refusal) return refusal;
    }
    return this.handled(request, routed, user);
  }

  private unknown({ target, peer }: IncomingRequest, { cause, retryAfterMs }: NotAuthenticated): ApiReply {
    this.props.logger.debug('not authenticated', { target, address: peer.address, cause });
    return retryAfterMs === undefined ? statusReply(unauthorized()) : tooMany(retryAfterMs);
  }

  private tooBusy(user: UserInfo, stranger: string | undefined): ApiReply | undefined {
    const { failures, limits } = this.props;
    if (this.working > limits.inFlight && !user.groups.includes(PRIVILEGED_GROUP)) return tooMany(BUSY_MS);
    const pauseMs = stranger === undefined ? 0 : failures.pauseMs(stranger);
    return pauseMs > 0 ? tooMany(pauseMs) : undefined;
  }

  /** What a stranger wants counts as a failure until it is allowed: of a thousand requests at once only so many are asked for. */
  private async unauthorized(
    progress: Progress<Routed>,
    user: UserInfo,
    attributes: RequestAttributes,
    stranger: string | undefined,
  ): Promise<ApiReply | undefined> {
    const { authorizer, failures } = this.props;
    const { target, gone } = progress.request;
    if (stranger !== undefined) failures.count(stranger);
    const authorization = await authorizer.authorize(user, attributes, { stranger, gone });
    if (stranger !== undefined && (authorization.allowed || 'retryAfterMs' in authorization)) {
      failures.takeBack(stranger);
    }
    if (isGivenUp(progress)) return timedOut();
    if (authorization.allowed) return undefined;
    if ('retryAfterMs' in authorization) return tooMany(authorization.retryAfterMs);
    if ('cause' in authorization) {
      const { cause } = authorization;
      this.quiet.warn(cause, 'authorization failed', { target, user: user.name, cause });
      return statusReply(internalFailure('the request could not be authorized'));
    }
    return statusReply(forbidden(user.name, attributes, authorization.reason));
  }

  private handled(request: IncomingRequest, routed: Routed, user: UserInfo): ApiReply | Promise<ApiReply> {
    const { authenticator, handler } = this.props;
    const { gone } = request;
    return handler({
      method: request.method,
      target: request.target,
      routed,
      headers: new VisibleHeaders(request.headers, (name) => authenticator.isIdentityHeader(name)),
      user,
      get signal() {
        return gone.signal;
      },
    });
  }
}

/** Whoever waited for an answer of the API server may have left meanwhile, or has got another answer. */
function isGivenUp({ late, request }: Progress<RoutedRequest>): boolean {
  return late || request.gone.closed;
}

/** What is asked of somebody whose target makes no sense: no more than a look at that path. */
function asPath({ method, target }: IncomingRequest): RequestAttributes {
  return { verb: method.toLowerCase(), path: target.replace(/[?#].*$/s, '') };
}

function tooMany(retryAfterMs: number): ApiReply {
  return statusReply(tooManyRequests(Math.max(1, Math.ceil(retryAfterMs / 1000))));
}

function timedOut(): ApiReply {
  return statusReply(requestTimeout('request did not complete within the allotted timeout'));
}

/** The reply, or 504 when the time is over; what becomes of the work after that is nobody's concern. */
function withinTime(reply: Promise<ApiReply>, limitMs: number, onLate: () => void): Promise<ApiReply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(timedOut());
      onLate();
    }, limitMs);
    // Work that never ends must not keep the program from ending.
    timer.unref();
    const settle = <Result>(then: (result: Result) => void) => {
      return (result: Result) => {
        clearTimeout(timer);
        then(result);
      };
    };
    reply.then(settle(resolve), settle(reject));
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}
