import { z } from 'zod';
import { messageOf, UsageError } from '../../../core/errors';
import type { OAuth2Settings, SourceSettings } from '../../../core/rules/sources';
import type { Authorizer, Refusal } from './authorizer';
import { Connections } from './connections';
import { Deadline } from './deadline';
import type { Clock, SourceDeps } from './deps';
import { formOf, type Parameters } from './endpoint';
import { excerpt } from './excerpt';
import { exchange, isGood, type Headers, type Incoming } from './exchange';
import { SourceError } from './outcome';
import { sourceProxies } from './proxies';
import { ReloadedFiles } from './reloaded-files';
import { secretOf } from './secret';
import { tlsWithPublicAuthorities } from './tls-files';

/** In milliseconds. */
const TOKEN = {
  /** A new one is fetched this long before the end of the old one, or a fifth of its life before, if that is shorter. */
  earlyMs: 60_000,
  /** It is not used so shortly before its end, or in the last tenth of its life: it has to arrive before that. */
  marginMs: 10_000,
  /** The server is left alone for so long after it refused, and a token is not replaced sooner. */
  restMs: { refused: 5_000, replaced: 1_000 },
} as const;
const ANSWER_BYTES = 64 * 1024;

/** RFC 6749, 5.1; some servers write the life as text. */
const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().nullish(),
});
/** RFC 6749, 5.2. */
const errorAnswer = z.object({ error: z.string(), error_description: z.string().optional() });

interface Token {
  readonly value: string;
  readonly issuedMs: number;
  readonly refreshMs: number;
  readonly endMs: number;
}

/**
 * Tokens of the client credentials grant (RFC 6749, 4.4). One is fetched when the first request needs it, and replaced in
 * good time while the old one is still used; however many wait, the server is asked once. The authorities of the source
 * count for the token server besides those that Node trusts.
 */
export class OAuth2Authorizer implements Authorizer {
  private readonly url: URL;
  private readonly connections: Connections;
  private readonly secret: ReloadedFiles<string>;
  private readonly closing = new AbortController();
  private token: Token | undefined;
  /** The one that the source does not take any more; kept to know it from its successor. */
  private outworn: Token | undefined;
  private fetching: Promise<Token> | undefined;
  private refused: { readonly error: SourceError; readonly atMs: number } | undefined;
  /** How the client says who it is: most servers want a header, some know the form only. */
  private style: 'header' | 'form' = 'header';

  /** @throws UsageError for a token URL that is not a URL of http or https */
  constructor(
    private readonly oauth2: OAuth2Settings,
    private readonly settings: Pick<SourceSettings, 'timeoutMs' | 'tls'>,
    private readonly what: string,
    private readonly clock: Clock,
    private readonly deps: SourceDeps,
  ) {
    if (!URL.canParse(oauth2.tokenUrl) || !/^https?:/.test(oauth2.tokenUrl)) {
      throw new UsageError(`${what}: oauth2: tokenUrl is no URL of http or https`);
    }
    this.url = new URL(oauth2.tokenUrl);
    const tls = tlsWithPublicAuthorities(settings.tls.caFile, what, deps);
    const proxies = sourceProxies(this.url, `token server of ${what}`, deps);
    this.connections = new Connections({ tls, concurrency: 1, proxies, proxyTls: tls });
    const read = ([text]: readonly string[]) => secretOf(text);
    this.secret = new ReloadedFiles({
      what: `client secret of ${what}`,
      paths: [oauth2.clientSecretFile],
      read,
      now: deps.now,
      logger: deps.logger,
    });
  }

  async headers(_target: unknown, deadline: Deadline): Promise<Headers> {
    const now = this.clock.now();
    const { token } = this;
    if (token && token !== this.outworn && now < token.endMs) {
      if (now >= token.refreshMs) void this.fetch().catch(() => undefined);
      return authorization(token);
    }
    return authorization(await deadline.wait(this.fetch()));
  }

  async renew({ status, sent }: Refusal, deadline: Deadline): Promise<boolean> {
    // With 403 the token is known and its bearer may not: another one would be no better.
    if (status !== 401 || !this.token) return false;
    // The token of a slow request may have been replaced meanwhile: its successor is not to blame.
    const [[, used] = ['', '']] = sent;
    if (used !== bearer(this.token)) return true;
    // Many requests may have had the token that was refused: the first has another fetched, the others wait for that.
    if (!this.fetching) {
      if (this.isWithin(TOKEN.restMs.replaced, this.token.issuedMs)) return false;
      this.outworn = this.token;
    }
    await deadline.wait(this.fetch());
    return true;
  }

  close(): Promise<void> {
    this.closing.abort();
    return this.connections.close();
  }

  private fetch(): Promise<Token> {
    const { refused } = this;
    if (refused && this.isWithin(TOKEN.restMs.refused, refused.atMs)) return Promise.reject(refused.error);
    this.fetching ??= this.fetchNow().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async fetchNow(): Promise<Token> {
    try {
      this.token = await this.request();
      if (this.refused) this.deps.logger.info(`${this.what}: token server answers again`);
      this.refused = undefined;
      return this.token;
    } catch (error) {
      const failure = this.tokenError(error);
      if (failure.message !== this.refused?.error.message && !this.closing.signal.aborted) {
        this.deps.logger.error(`${this.what}: ${failure.message}`);
      }
      this.refused = { error: failure, atMs: this.clock.now() };
      throw failure;
    }
  }

  /** Whether something was no longer ago; a clock that was set back says nothing of that. */
  private isWithin(ms: number, sinceMs: number): boolean {
    return Math.abs(this.clock.now() - sinceMs) < ms;
  }

  private tokenError(error: unknown): SourceError {
    // Whatever is wrong with the token server: the source was not asked, and says nothing of itself.
    return new SourceError('refused', `no token from ${this.url.host}: ${messageOf(error)}`);
  }

  private async request(): Promise<Token> {
    const used = await this.secret.current();
    const first = await this.send(used);
    if (isGood(first.status) || !(first.status === 400 || first.status === 401)) return this.read(first);
    // The secret in use may be an old one, or this server may want it elsewhere.
    const renewed = await this.secret.renew(used);
    if (!renewed) this.style = this.style === 'header' ? 'form' : 'header';
    const second = await this.send(await this.secret.current());
    if (!isGood(second.status) && !renewed) {
      this.style = this.style === 'header' ? 'form' : 'header';
      return this.read(first);
    }
    return this.read(second);
  }

  private async send(secret: string): Promise<Incoming> {
    const { clientId, scopes, parameters } = this.oauth2;
    const form: Parameters = [
      ['grant_type', 'client_credentials'],
      ...(scopes.length === 0 ? [] : [['scope', scopes.join(' ')] as const]),
      ...Object.entries(parameters),
    ];
    const inForm: Parameters = [
      ['client_id', clientId],
      ['client_secret', secret],
    ];
    const pair = [clientId, secret].map(encodeURIComponent).join(':');
    const header: Headers = [['authorization', `Basic ${Buffer.from(pair).toString('base64')}`]];
    const byForm = this.style === 'form';
    const deadline = new Deadline(this.closing.signal, this.settings.timeoutMs, this.clock);
    try {
      return await exchange(
        {
          method: 'POST',
          url: this.url,
          headers: byForm ? [] : header,
          body: formOf(byForm ? [...form, ...inForm] : form),
        },
        {
          route: await deadline.wait(this.connections.route(this.url)),
          follow: this.connections.follow,
          limitBytes: ANSWER_BYTES,
          signal: deadline.signal,
        },
      );
    } finally {
      deadline.release();
    }
  }

  private read({ status, body }: Incoming): Token {
    const json = parsed(body);
    const read = tokenAnswer.safeParse(json);
    if (!isGood(status) || !read.success) {
      const { data } = errorAnswer.safeParse(json);
      const said = data
        ? `: ${excerpt([data.error, data.error_description].filter(Boolean).join(', '))}`
        : '';
      throw new Error(
        isGood(status) && !data ? 'its answer has no access_token' : `it answered ${status}${said}`,
      );
    }
    const { access_token: value, token_type: type = 'Bearer', expires_in: seconds } = read.data;
    if (type.toLowerCase() !== 'bearer')
      throw new Error(`its tokens are of type ${excerpt(type)}, not Bearer`);
    const now = this.clock.now();
    const life = typeof seconds === 'number' ? seconds * 1_000 : Number.POSITIVE_INFINITY;
    return {
      value,
      issuedMs: now,
      refreshMs: now + life - Math.min(TOKEN.earlyMs, life / 5),
      endMs: now + life - Math.min(TOKEN.marginMs, life / 10),
    };
  }
}

function authorization(token: Token): Headers {
  return [['authorization', bearer(token)]];
}

function bearer({ value }: Token): string {
  return `Bearer ${value}`;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
