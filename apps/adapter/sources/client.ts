import { LRUCache } from 'lru-cache';
import type { SourceSettings } from '../../../core/rules/sources';
import { apiAnswer } from './api-answer';
import type { Authorizer } from './authorizer';
import { Circuit, type Admission } from './circuit';
import { TENANT_HEADER } from './configured-headers';
import type { Connections, Route } from './connections';
import { Deadline } from './deadline';
import type { Clock, SourceDeps, SourceRequest } from './deps';
import type { Target } from './endpoint';
import { exchange, type Headers, type Incoming, type Outgoing } from './exchange';
import { SourceError, type Fault } from './outcome';
import { Permits } from './permits';
import { redirectOf } from './redirects';

/** Longest answer that is read, unless deps say otherwise: some 120,000 samples, which take ten times that to read. */
const ANSWER_BYTES = 16 * 1024 * 1024;

/** After connection errors and 429, 502, 503 and 504. */
const TRIES = 3;
/** Before the second try, in milliseconds; twice that before the third. Half of it is left to chance. */
const BACKOFF_MS = 200;

/** Failures that lie with the source, whatever it is asked. */
const OF_SOURCE: ReadonlySet<Fault> = new Set(['connection', 'overload', 'not-understood']);
/** Failures that may lie with the question: the subject rests, and nobody else. */
const OF_SUBJECT: ReadonlySet<Fault> = new Set(['timeout', 'too-long', 'late']);
/** The source was not asked, or nobody waited for its answer. */
const NOTHING_SAID: ReadonlySet<Fault> = new Set(['busy', 'cancelled']);
/** Subjects of which is known how they fare. */
const MOST_SUBJECTS = 5000;
const TRANSIENT: ReadonlySet<Fault> = new Set(['connection', 'overload']);

/** What is asked: the request is made anew for each try, since less time is left. */
export interface Question<Result> {
  readonly path: SourceRequest['path'];
  /** Who asks, as far as one must not suffer from the other: the name of a rule, or of what the adapter does itself. */
  readonly subject?: string | undefined;
  readonly target: (remainingMs: number) => Target;
  /** Reads the data of the answer. @throws SourceError */
  readonly read: (data: unknown) => Result;
}

/** What came of it, and what Prometheus remarks on it. */
export interface Reply<Result> {
  readonly result: Result;
  readonly warnings: readonly string[];
}

interface Entered {
  readonly circuit: Circuit;
  readonly admission: Admission;
}

interface Exchanged {
  readonly answer: Incoming;
  readonly route: Route;
}

interface Answered extends Exchanged {
  readonly secrets: readonly string[];
  /** The headers of the authorizer. */
  readonly sent: Headers;
}

/** What a client is made of. */
export interface ClientProps {
  readonly settings: SourceSettings;
  /** Sent with each request besides credentials. */
  readonly headers: Headers;
  readonly authorizer: Authorizer;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly deps: SourceDeps;
}

/**
 * Asks one source: in turn, within the time, again after a passing failure, and not at all while it is down. Questions
 * that are too much for it hold up those of the same subject only.
 */
export class Client {
  private readonly permits: Permits;
  private readonly circuit: Circuit;
  private readonly subjects = new LRUCache<string, Circuit>({ max: MOST_SUBJECTS });
  private readonly active = new Set<Deadline>();
  private closed = false;

  constructor(private readonly props: ClientProps) {
    const { settings, clock } = props;
    this.permits = new Permits(settings.concurrency);
    this.circuit = new Circuit(clock);
  }

  /** @throws SourceError */
  async ask<Result>(question: Question<Result>, signal: AbortSignal): Promise<Reply<Result>> {
    const { settings, clock } = this.props;
    if (this.closed) throw new SourceError('cancelled', 'the source is closed');
    const admissions = this.enter(question.subject);
    const deadline = new Deadline(signal, settings.timeoutMs, clock);
    this.active.add(deadline);
    try {
      const reply = await this.persist(question, admissions, deadline);
      for (const { circuit, admission } of admissions) circuit.succeeded(admission);
      return reply;
    } catch (error) {
      for (const entered of admissions) this.judge(entered, error);
      throw error;
    } finally {
      this.active.delete(deadline);
      deadline.release();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const deadline of this.active) deadline.end(new SourceError('cancelled', 'the source is closed'));
    await Promise.all([this.props.connections.close(), this.props.authorizer.close()]);
  }

  /** @throws SourceError if the source or the subject is left alone */
  private enter(subject: string | undefined): readonly Entered[] {
    const admission = this.circuit.enter();
    const ofSource = { circuit: this.circuit, admission };
    if (subject === undefined) return [ofSource];
    let circuit = this.subjects.get(subject);
    if (!circuit) {
      circuit = new Circuit(this.props.clock);
      this.subjects.set(subject, circuit);
    }
    try {
      return [ofSource, { circuit, admission: circuit.enter() }];
    } catch (error) {
      this.circuit.abandoned(admission);
      throw error;
    }
  }

  private judge({ circuit, admission }: Entered, error: unknown): void {
    const ofSource = circuit === this.circuit;
    if (!(error instanceof SourceError) || NOTHING_SAID.has(error.fault)) circuit.abandoned(admission);
    else if ((ofSource ? OF_SOURCE : OF_SUBJECT).has(error.fault)) circuit.failed(admission, error);
    else if (OF_SOURCE.has(error.fault) || OF_SUBJECT.has(error.fault)) circuit.abandoned(admission);
    else circuit.succeeded(admission);
  }

  private async persist<Result>(
    question: Question<Result>,
    entered: readonly Entered[],
    deadline: Deadline,
  ): Promise<Reply<Result>> {
    const tries = entered.some(({ admission }) => admission.probe) ? 1 : TRIES;
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.inTurn(question, entered, deadline);
      } catch (error) {
        if (!(error instanceof SourceError) || !TRANSIENT.has(error.fault)) throw error;
        if (error.retryAfterMs !== undefined) this.circuit.leaveAlone(error);
        const backoff = BACKOFF_MS * tried * (0.5 + this.props.clock.random() / 2);
        const wait = backoff + (error.retryAfterMs ?? 0);
        if (tried === tries || wait >= deadline.remainingMs) throw error;
        // A handshake fails when the authority of the source is a new one.
        if (error.fault === 'connection') await deadline.wait(this.props.connections.renew(undefined));
        await deadline.pause(wait);
      }
    }
  }

  private async inTurn<Result>(
    question: Question<Result>,
    entered: readonly Entered[],
    deadline: Deadline,
  ): Promise<Reply<Result>> {
    await this.turn(deadline, question.subject);
    try {
      // While it waited, others may have found out that the source is down.
      for (const { circuit, admission } of entered) {
        const { refusal } = circuit;
        if (refusal && !admission.probe) throw refusal;
      }
      return await this.once(question, deadline);
    } finally {
      this.permits.give(question.subject);
    }
  }

  private async turn(deadline: Deadline, subject: string | undefined): Promise<void> {
    const { timeoutMs, concurrency } = this.props.settings;
    try {
      await this.permits.take(deadline, subject);
    } catch (error) {
      if (!(error instanceof SourceError) || error.fault !== 'timeout') throw error;
      throw new SourceError(
        'busy',
        `not asked within ${timeoutMs} ms: too many of ${concurrency} requests at a time were under way`,
      );
    }
  }

  private async once<Result>(question: Question<Result>, deadline: Deadline): Promise<Reply<Result>> {
    const { authorizer, clock } = this.props;
    for (let renewed = false; ; renewed = true) {
      const { answer, route, secrets, sent } = await this.send(question, deadline);
      const { status } = answer;
      const newer =
        !renewed &&
        (status === 401 || status === 403) &&
        ((await authorizer.renew({ status, sent }, deadline)) ||
          (await deadline.wait(this.props.connections.renew(route.agent))));
      if (newer) continue;
      const { data, warnings } = apiAnswer(answer, clock.now(), secrets);
      return { result: question.read(data), warnings };
    }
  }

  private async send(
    { path, target }: Omit<Question<unknown>, 'read'>,
    deadline: Deadline,
  ): Promise<Answered> {
    const { headers, authorizer } = this.props;
    let next = target(deadline.remainingMs);
    for (let hops = 0; ; hops += 1) {
      const sent = await authorizer.headers(next, deadline);
      const outgoing = { ...next, headers: [...headers, ...sent] };
      const { answer, route } = await this.observed(path, outgoing, deadline);
      const redirected = redirectOf(outgoing, answer, hops);
      if (!redirected) return { answer, route, secrets: secretsOf(outgoing.headers, route), sent };
      next = redirected;
    }
  }

  private async observed(
    path: SourceRequest['path'],
    outgoing: Outgoing,
    deadline: Deadline,
  ): Promise<Exchanged> {
    const { settings, deps } = this.props;
    const started = performance.now();
    const observe = (status: number | 'error') =>
      deps.observe({ source: settings.name, path, seconds: (performance.now() - started) / 1_000, status });
    try {
      const exchanged = await this.exchange(outgoing, deadline);
      observe(exchanged.answer.status);
      return exchanged;
    } catch (error) {
      observe('error');
      throw error;
    }
  }

  private async exchange(outgoing: Outgoing, deadline: Deadline): Promise<Exchanged> {
    const { connections, deps } = this.props;
    const { signal } = deadline;
    const route = await deadline.wait(connections.route(outgoing.url));
    const limitBytes = deps.answerBytes ?? ANSWER_BYTES;
    const answer = await exchange(outgoing, { route, follow: connections.follow, limitBytes, signal });
    return { answer, route };
  }
}

/** What must not be seen in messages: a proxy may answer what it was sent. */
function secretsOf(headers: Headers, { proxy }: Route): readonly string[] {
  return headers
    .filter(([name]) => name !== TENANT_HEADER)
    .map(([, value]) => value)
    .concat(proxy?.authorization ?? [])
    .flatMap((value) => [value, value.slice(value.indexOf(' ') + 1)]);
}
