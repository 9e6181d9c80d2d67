import { type RequestAttributes, type UserInfo } from '../../../core/adapter/api/authorization';
import { messageOf } from '../../../core/errors';
import { type Logger } from '../../runtime';
import {
  forbidden,
  VisibleHeaders,
  type Authenticated,
  type Authenticator,
  type Authorizer,
  type FailureLimiter,
  type Peer,
  type RequestHeaders,
} from '../auth';
import { type ApiHandler, type ApiReply, type RoutedRequest } from './call';
import { type ServerLimits } from './limits';
import { screenRequest } from './request-line';
import { type RequestSignal } from './request-signal';
import { internalFailure, statusReply, timedOut, tooManyRequests, unauthorized } from './status-reply';

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
  readonly routed?: RoutedRequest;
  readonly user?: UserInfo;
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

const PRIVILEGED = 'system:masters';
/** `retryAfter` of `pkg/server/filters/maxinflight.go`. */
const BUSY_MS = 1000;

/** Takes each request through screening, authentication, limits and authorization to the handler. */
export class Pipeline<Routed extends RoutedRequest> {
  private working = 0;

  constructor(private readonly props: PipelineProps<Routed>) {}

  /** Requests that are worked on. */
  get inFlight(): number {
    return this.working;
  }

  /** Never rejects. */
  async answer(request: IncomingRequest): Promise<Outcome> {
    this.working += 1;
    try {
      return await this.admitted(request);
    } catch (error) {
      const { method, target } = request;
      this.props.logger.error('request failed', { method, target, error: asError(error) });
      return { reply: internalFailure('see the log of the adapter'), stranger: false };
    } finally {
      this.working -= 1;
    }
  }

  private async admitted(request: IncomingRequest): Promise<Outcome> {
    const { authenticator, limits, logger } = this.props;
    const refusal = screenRequest(request.target, request.headers, limits, (name) =>
      authenticator.isIdentityHeader(name),
    );
    if (refusal) return { reply: refusal, stranger: true };
    const routed = this.props.route(request.method, request.target);
    const authentication = await authenticator.authenticate(request);
    if ('user' in authentication) return this.authenticated(request, routed, authentication);
    const { cause, retryAfterMs } = authentication;
    logger.debug('not authenticated', { target: request.target, address: request.peer.address, cause });
    const reply = retryAfterMs === undefined ? unauthorized() : tooManyRequests(TOO_MANY, retryAfterMs);
    return { reply, routed, stranger: true };
  }

  private async authenticated(
    request: IncomingRequest,
    routed: Routed,
    { user, method }: Authenticated,
  ): Promise<Outcome> {
    const attributes = routed.attributes ?? asPath(request);
    const stranger = method === 'anonymous';
    const outcome = (reply: ApiReply): Outcome => ({ reply, routed, user, stranger });
    if (!this.props.authorizer.isOpen(attributes)) {
      const busy = this.tooBusy(request, user, stranger);
      if (busy) return outcome(busy);
      const refusal = await this.unauthorized(request, user, attributes, stranger);
      if (refusal) return outcome(refusal);
    }
    return outcome(await this.handled(request, routed, user));
  }

  private tooBusy({ peer }: IncomingRequest, user: UserInfo, stranger: boolean): ApiReply | undefined {
    const { failures, limits } = this.props;
    if (this.working > limits.inFlight && !user.groups.includes(PRIVILEGED)) {
      return tooManyRequests(TOO_MANY, BUSY_MS);
    }
    const pauseMs = stranger ? failures.pauseMs(peer.address) : 0;
    return pauseMs > 0 ? tooManyRequests(TOO_MANY, pauseMs) : undefined;
  }

  private async unauthorized(
    { peer, target }: IncomingRequest,
    user: UserInfo,
    attributes: RequestAttributes,
    stranger: boolean,
  ): Promise<ApiReply | undefined> {
    const { authorizer, failures, logger } = this.props;
    const authorization = await authorizer.authorize(user, attributes);
    if (authorization.allowed) return undefined;
    if ('cause' in authorization) {
      logger.error('authorization failed', { target, user: user.name, cause: authorization.cause });
      return internalFailure('the request could not be authorized');
    }
    if (stranger) failures.count(peer.address);
    return statusReply(forbidden(user, attributes, authorization.reason));
  }

  private async handled(request: IncomingRequest, routed: Routed, user: UserInfo): Promise<ApiReply> {
    const { authenticator, handler, limits } = this.props;
    const { gone } = request;
    // Whoever waits for authorization may have left meanwhile.
    if (gone.closed) return timedOut();
    const reply = handler({
      method: request.method,
      target: request.target,
      routed,
      headers: new VisibleHeaders(request.headers, (name) => authenticator.isIdentityHeader(name)),
      user,
      get signal() {
        return gone.signal;
      },
    });
    if (!(reply instanceof Promise)) return reply;
    const limitMs = Math.min(limits.requestMs, routed.timeoutMs || limits.requestMs);
    return withinTime(reply, limitMs, () => gone.abort(`no answer within ${limitMs} ms`));
  }
}

const TOO_MANY = 'Too many requests, please try again later.';

/** What is asked of somebody who sent a target that is none: no more than a look at that path. */
function asPath({ method, target }: IncomingRequest): RequestAttributes {
  return { verb: method.toLowerCase(), path: target.replace(/[?#].*$/s, '') };
}

/** The reply, or 504 when the time is over; what the handler does after that is nobody's concern. */
function withinTime(reply: Promise<ApiReply>, limitMs: number, onLate: () => void): Promise<ApiReply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(timedOut());
      onLate();
    }, limitMs);
    // A handler that never ends must not keep the program from ending.
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
