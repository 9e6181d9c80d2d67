import { z } from 'zod';
import { messageOf, UsageError } from '../core/errors';
import type { Question, Reply } from '../core/rule-explain';

/** How a Prometheus is asked. */
export interface PrometheusAddress {
  readonly url: string;
  /** As `Name: value`. */
  readonly headers: readonly string[];
  readonly timeoutMs: number;
  /** How far back series are listed, as the adapter's `--metrics-max-age` says. */
  readonly maxAgeMs: number;
}

const labels = z.record(z.string(), z.string());
const sampleValue = z.tuple([z.number(), z.string()]);
const queryData = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.looseObject({ metric: labels, value: sampleValue.optional() })),
  }),
  z.object({ resultType: z.literal('scalar'), result: sampleValue }),
  z.object({ resultType: z.enum(['matrix', 'string']) }),
]);
const envelope = z.discriminatedUnion('status', [
  z.looseObject({ status: z.literal('success'), data: z.unknown() }),
  z.looseObject({ status: z.literal('error'), errorType: z.string().default('error'), error: z.string() }),
]);

/** What Prometheus says: its answer, or why it refuses the question. */
type Said = { readonly data: unknown } | { readonly error: string };

/** Asks a Prometheus, or what speaks like one, over its HTTP API. */
export class PrometheusClient {
  private readonly base: URL;
  private readonly headers: Headers;

  /** @throws UsageError on an address that is none, or a header without a name */
  constructor(
    private readonly address: PrometheusAddress,
    private readonly nowMs: number,
  ) {
    this.base = baseOf(address.url);
    this.headers = headersOf(address.headers);
    if (this.base.username !== '') {
      const { username, password } = this.base;
      const credentials = `${decoded(username)}:${decoded(password)}`;
      this.headers.set('Authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
      this.base.username = '';
      this.base.password = '';
    }
  }

  /** @throws UsageError if there is no answer, or one that is not of Prometheus */
  async reply(question: Question): Promise<Reply> {
    switch (question.kind) {
      case 'series':
        return { kind: 'series', result: await this.series(question.selector) };
      case 'query':
        return { kind: 'query', outcome: await this.query(question.query) };
      case 'names': {
        const said = await this.get('label/__name__/values', { start: this.startTime() });
        return { kind: 'names', names: 'error' in said ? [] : this.read(z.array(z.string()), said.data) };
      }
    }
  }

  private async series(selector: string) {
    const said = await this.get('series', { 'match[]': selector, start: this.startTime() });
    return 'error' in said ? said : (this.read(z.array(labels).nullable(), said.data) ?? []);
  }

  private async query(query: string) {
    const said = await this.get('query', { query, time: seconds(this.nowMs) });
    if ('error' in said) return said;
    const data = this.read(queryData, said.data);
    switch (data.resultType) {
      case 'vector':
        return {
          type: 'vector' as const,
          samples: data.result.flatMap(({ metric, value }) => {
            if (value === undefined) throw new UsageError('not supported: results with native histograms');
            return [{ labels: metric, value: numberOf(value[1]) }];
          }),
        };
      case 'scalar':
        return { type: 'scalar' as const, value: numberOf(data.result[1]) };
      case 'matrix':
      case 'string':
        return { type: data.resultType };
    }
  }

  private startTime(): string {
    return seconds(this.nowMs - this.address.maxAgeMs);
  }

  private async get(path: string, parameters: Readonly<Record<string, string>>): Promise<Said> {
    const url = new URL(`api/v1/${path}`, this.base);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const { status, text } = await this.fetch(url);
    if (status === 401 || status === 403) {
      throw new UsageError(
        `${this.base.href}: refuses with ${status}: give credentials with --header "Authorization: Bearer …"`,
      );
    }
    const parsed = envelope.safeParse(jsonOf(text));
    if (!parsed.success) {
      throw new UsageError(
        `${this.base.href}: answers ${status} with what is not of Prometheus' API: ${JSON.stringify(text.trim().slice(0, 80))}; name the address that /api/v1 is below`,
      );
    }
    return parsed.data.status === 'success'
      ? { data: parsed.data.data }
      : { error: `${parsed.data.errorType}: ${parsed.data.error}` };
  }

  private async fetch(url: URL): Promise<{ readonly status: number; readonly text: string }> {
    try {
      const signal = AbortSignal.timeout(this.address.timeoutMs);
      const response = await fetch(url, { headers: this.headers, signal });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      const timedOut =
        typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
      const reason = timedOut ? `no answer within ${this.address.timeoutMs / 1000} s` : causeOf(error);
      throw new UsageError(`${this.base.href}: cannot be asked: ${reason}`, { cause: error });
    }
  }

  private read<S extends z.ZodType>(schema: S, data: unknown): z.infer<S> {
    const result = schema.safeParse(data);
    if (!result.success)
      throw new UsageError(`${this.base.href}: answers in another form than Prometheus does`);
    return result.data;
  }
}

function baseOf(text: string): URL {
  const withSlash = text.endsWith('/') ? text : `${text}/`;
  const url = URL.canParse(withSlash) ? new URL(withSlash) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--prometheus "${text}": write an address such as http://localhost:9090`);
  }
  if (url.search !== '' || url.hash !== '') {
    throw new UsageError(
      '--prometheus: leave out ? and # and what follows: /api/v1 is put behind the address',
    );
  }
  return url;
}

function decoded(credential: string): string {
  try {
    return decodeURIComponent(credential);
  } catch {
    throw new UsageError('--prometheus: write % in the user name and the password as %25');
  }
}

function headersOf(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError('--header: write it as "Name: value"');
    }
    // What fetch says of it repeats the value, which may be a secret.
    try {
      headers.append(name, value);
    } catch {
      throw new UsageError(
        '--header: a name has letters, digits and signs such as -, a value has no control characters and none beyond Latin-1',
      );
    }
  }
  return headers;
}

/** What `fetch` says itself is only that it failed. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors.length > 0) return messageOf(cause.errors[0]);
  return messageOf(cause ?? error);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
