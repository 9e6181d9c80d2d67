import { messageOf, UsageError } from '../../../core/errors';
import { ApiError, CollectionWatch } from '../../kube-api';
import type { Timers } from '../timers';
import { serverNames, type ApiService } from './api-services';
import type { KeyPair } from './issue';
import { textOf, type NamespacedName } from './namespaced-name';
import { decide, type Held } from './secret-content';
import { readSecret, secretsPath, writeSecret } from './serving-secret';
import { TrustHolders, type ReadHolders, type TrustHoldersProps } from './trust-holders';

/** Until everything is looked at again though no watch reported a change. */
const INTERVAL_MS = 300_000;
/** How long authorities have to be in all APIServices before a certificate of theirs is served: API servers lag. */
const TRUST_MS = 120_000;
/** After a change, so that what changes together is looked at once. */
const SETTLE_MS = 100;
const RETRY_MS = { first: 500, most: 60_000 } as const;
/** How often two replicas may come in each other's way before one leaves it for later. */
const MOST_CONFLICTS = 8;

/** What a managed certificate is made with. */
export interface ManagedCertificateProps extends TrustHoldersProps {
  readonly secret: NamespacedName;
  readonly timers: Timers;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Given each certificate that has to be served from now on. */
  readonly onCertificate: (pair: KeyPair) => void;
}

/** How a managed certificate fares; times in milliseconds since 1970. */
export interface ManagedState {
  /** Of what is served; undefined before the first. */
  readonly notAfterMs: number | undefined;
  /** Of the authority that signs. */
  readonly authorityNotAfterMs: number | undefined;
  /** What is wrong now. */
  readonly problem: string | undefined;
  /** Which APIServices lead to other servers and are left alone, and where to. */
  readonly foreign: readonly string[];
}

/**
 * The serving certificate in a Secret and the trust in it in APIServices and ConfigMaps, both kept good.
 *
 * Each replica looks after both, and none knows of the others: writes say which version they were made from, and who
 * comes late reads again and finds that nothing is left to do. APIServices and ConfigMaps are read before the Secret,
 * so that trust that was written from a newer Secret is never replaced by that of an older one. Nothing is served before
 * all APIServices that lead here and can be read trust its authority, unless there is nothing else to serve. ConfigMaps
 * keep nothing waiting: who only scrapes must not keep a certificate from being renewed.
 */
export class ManagedCertificate {
  private readonly end = new AbortController();
  private readonly chance: number;
  private readonly holders: TrustHolders;
  private watches: Promise<unknown> = Promise.resolve();
  private work: Promise<void> | undefined;
  private again = false;
  private failures = 0;
  private cancelNext: () => void = () => undefined;
  private trusted: { readonly bundle: string; readonly sinceMs: number } | undefined;
  private held: Held | undefined;
  private served: KeyPair | undefined;
  private servedUntilMs: number | undefined;
  private problem: string | undefined;
  private foreign: readonly string[] = [];

  constructor(private readonly props: ManagedCertificateProps) {
    this.chance = props.random();
    this.holders = new TrustHolders(props, this.end.signal);
  }

  get state(): ManagedState {
    return {
      notAfterMs: this.servedUntilMs,
      authorityNotAfterMs: this.held?.authority.notAfterMs,
      problem: this.problem,
      foreign: this.foreign,
    };
  }

  /** Begins to look after the certificate, and goes on until it is closed. */
  start(): void {
    const { secret } = this.props;
    const places = [{ path: secretsPath(secret), name: secret.name }, ...this.holders.places];
    this.watches = Promise.all(places.map(({ path, name }) => this.watch(path, name)));
    this.look();
  }

  async close(): Promise<void> {
    this.end.abort(new Error('stopping'));
    this.cancelNext();
    await Promise.all([this.watches, this.work]);
  }

  private watch(path: string, name: string): Promise<void> {
    const { client, patience, random, logger, timers } = this.props;
    const settle = () => {
      this.cancelNext();
      this.cancelNext = timers.after(SETTLE_MS, () => this.look());
    };
    return new CollectionWatch({
      ...{ client, patience, random, path, fieldSelector: `metadata.name=${name}` },
      sink: {
        // What changed while no watch could tell, or between a look and the first list, is seen by another look.
        listing: () => ({ page: () => undefined, done: settle }),
        changed: settle,
        removed: settle,
      },
      onHeard: () => undefined,
      onProblem: (error, retryInMs) =>
        logger.debug('watch of certificates and trust', { path, name, cause: messageOf(error), retryInMs }),
    }).run(this.end.signal);
  }

  /** Looks at everything now, or once more if that is being done. */
  private look(): void {
    this.cancelNext();
    if (this.end.signal.aborted) return;
    if (this.work) {
      this.again = true;
      return;
    }
    this.work = this.lookOnce().finally(() => {
      this.work = undefined;
      if (this.end.signal.aborted) return;
      if (this.again) return this.look();
      this.cancelNext = this.props.timers.after(this.pauseMs(), () => this.look());
    });
    this.again = false;
  }

  private async lookOnce(): Promise<void> {
    try {
      for (let conflicts = 0; !(await this.settled()); conflicts++) {
        if (conflicts === MOST_CONFLICTS)
          throw new Error('others keep changing the certificate; trying later');
      }
      this.failures = 0;
    } catch (error) {
      if (this.end.signal.aborted) return;
      this.failures += 1;
      this.complain(messageOf(error));
    }
  }

  private pauseMs(): number {
    const { random, timers } = this.props;
    if (this.failures > 0) {
      const backoff = Math.min(RETRY_MS.first * 2 ** (this.failures - 1), RETRY_MS.most);
      return backoff * (0.5 + random() / 2);
    }
    const nowMs = timers.now();
    const trustedMs = (this.trusted?.sinceMs ?? -Infinity) + TRUST_MS;
    const due = trustedMs > nowMs ? trustedMs : (this.held?.dueMs ?? Infinity);
    return Math.max(Math.min(due - nowMs, INTERVAL_MS), 1000);
  }

  /** One look. @returns false if somebody else changed something meanwhile */
  private async settled(): Promise<boolean> {
    try {
      const read = await this.holders.read();
      this.noteForeign(read);
      this.noteDistrust(read);
      const held = await this.currentHeld();
      const untrusting = await this.haveTrusted(read, held);
      this.serve(held, untrusting.length === 0);
      const unpublished = await this.holders.tellOthers(read, held.bundle);
      const problems = [...read.problems, ...untrusting, ...unpublished];
      if (problems.length > 0) throw new UsageError(problems.join('; '));
      this.complain(undefined);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 409) return false;
      throw error;
    }
  }

  /** The certificates of the Secret, which is put in order before. @throws ApiError of code 409 */
  private async currentHeld(): Promise<Held> {
    const { client, patience, secret, service, timers, logger } = this.props;
    const names = serverNames(service);
    const { signal } = this.end;
    let read = await readSecret(client, secret, patience.listMs, signal);
    for (;;) {
      const nowMs = timers.now();
      const decision = decide(read.content, {
        ...{ names, authorityName: secret.name, nowMs, chance: this.chance },
        trusted: this.hasTrust(read.content['ca.crt'], nowMs),
      });
      if (decision.kind === 'keep') return decision.held;
      read = await writeSecret(client, secret, read, decision.content, patience.listMs, signal);
      logger.info('wrote the serving certificate', {
        secret: textOf(secret),
        reason: decision.reasons.join('; '),
      });
    }
  }

  private hasTrust(bundle: string, nowMs: number): boolean {
    return this.trusted?.bundle === bundle && nowMs - this.trusted.sinceMs >= TRUST_MS;
  }

  /** Before anything is decided: what somebody took out of an APIService is not trusted, however long it was. */
  private noteDistrust({ services }: ReadHolders): void {
    if (services.some(({ caBundle }) => caBundle !== this.trusted?.bundle)) this.trusted = undefined;
  }

  /** @returns what went wrong. @throws ApiError of code 409 */
  private async haveTrusted(read: ReadHolders, { bundle }: Held): Promise<readonly string[]> {
    const { changed, problems } = await this.holders.tellApiServer(read, bundle);
    if (problems.length > 0) this.trusted = undefined;
    else if (changed || this.trusted?.bundle !== bundle) {
      this.trusted = { bundle, sinceMs: this.props.timers.now() };
    }
    return problems;
  }

  private serve(held: Held, trusted: boolean): void {
    this.held = held;
    const { serving, validity } = held;
    if (this.served?.certificate === serving.certificate) return;
    const stillGood = this.servedUntilMs !== undefined && this.servedUntilMs > this.props.timers.now();
    if (!trusted && stillGood) return;
    // Before anything is noted: what cannot be shown is tried again with the next look.
    this.props.onCertificate(serving);
    this.served = serving;
    this.servedUntilMs = validity.notAfterMs;
  }

  /** Says once of each APIService that leads elsewhere, and once that it leads here. */
  private noteForeign({ foreign, services }: ReadHolders): void {
    const { logger, service } = this.props;
    const before = this.foreign;
    this.foreign = foreign.map((each) => leadsElsewhere(each, service));
    for (const [index, { name, service: other }] of foreign.entries()) {
      if (before.includes(this.foreign[index] ?? '')) continue;
      const leadsTo = other ? textOf(other) : 'the API server itself';
      logger.warn('an APIService leads to another server and is left alone', { apiService: name, leadsTo });
    }
    for (const { name } of services) {
      if (before.some((text) => text.startsWith(`${name} `)))
        logger.info('an APIService leads here now', { apiService: name });
    }
  }

  /** Says what is wrong once, and once that it is over. */
  private complain(problem: string | undefined): void {
    if (problem === this.problem) return;
    this.problem = problem;
    if (problem === undefined)
      this.props.logger.info('the serving certificate and the trust in it are good again');
    else this.props.logger.error('the serving certificate or the trust in it needs help', { cause: problem });
  }
}

function leadsElsewhere({ name, service }: ApiService, own: NamespacedName): string {
  const to = service ? `Service ${textOf(service)}` : 'the API server itself';
  return `${name} leads to ${to}, not to Service ${textOf(own)}: it is left alone until it does`;
}
