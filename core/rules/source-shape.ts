import { UsageError } from '../errors';
import { formatDuration, parsePrometheusDuration } from '../kube/duration';
import { DEFAULT_SOURCE, SOURCE_VERBS, type SourceSettings } from './sources';
import {
  choice,
  described,
  list,
  oneOrMany,
  optional,
  parsed,
  record,
  type Shape,
  string,
  struct,
  whole,
} from './yaml';

/** What the time for one query, and the requests in flight at a time, may be at most. */
export const LONGEST_TIMEOUT_MS = 300_000;
export const MOST_REQUESTS = 10_000;

const text = optional(string);

const source = struct({
  url: described(
    parsed(sourceUrl, '', { kind: 'text' }),
    'Base URL, `http` or `https`; `/api/v1/…` is joined to its path. Required.',
  ),
  verb: described(
    choice(SOURCE_VERBS),
    '`POST` sends a form, so that no query is too long; `GET` is for endpoints that take nothing else.',
    DEFAULT_SOURCE.verb,
  ),
  timeout: described(
    parsed<number | undefined>(timeout, undefined, { kind: 'duration' }),
    'For one query.',
    formatDuration(DEFAULT_SOURCE.timeoutMs),
  ),
  concurrency: described(
    whole(1, MOST_REQUESTS),
    'Requests that may be in flight at a time.',
    String(DEFAULT_SOURCE.concurrency),
  ),
  headers: described(
    record(oneOrMany(parsed(headerValue, ''))),
    'Sent with each request: a value, or a list of values for a header that is sent several times.',
  ),
  tenant: described(text, 'Sent as `X-Scope-OrgID`, which Mimir, Cortex and others take the tenant from.'),
  bearerTokenFile: described(
    text,
    'File with a token that is sent as `Authorization: Bearer`; it is read again when it changes.',
  ),
  basic: described(
    optional(
      struct({
        username: described(string, 'Required.'),
        passwordFile: described(string, 'File with the password, read again when it changes. Required.'),
      }),
    ),
    'HTTP basic authentication.',
  ),
  tls: described(
    struct({
      caFile: described(text, 'Certificates of authorities to trust.', 'those that Node trusts'),
      certFile: described(text, 'Certificate of this client.'),
      keyFile: described(text, 'Its private key.'),
      serverName: described(text, 'Name that the server has to prove.', 'the host of the URL'),
    }),
    'For a URL with `https`; files are read again when they change.',
  ),
  oauth2: described(
    optional(
      struct({
        tokenUrl: described(parsed(sourceUrl, ''), 'Where tokens are had. Required.'),
        clientId: described(string, 'Required.'),
        clientSecretFile: described(string, 'File with the secret, read again when it changes. Required.'),
        scopes: described(list(string), 'Scopes to ask for.'),
        parameters: described(record(string), 'Further parameters of the request, such as `audience`.'),
      }),
    ),
    'Client credentials of OAuth 2.0.',
  ),
  sigv4: described(
    optional(
      struct({
        region: described(string, 'Region of the endpoint. Required.'),
        service: described(string, 'Service that requests are signed for.', 'aps'),
      }),
    ),
    'AWS Signature Version 4, with the credentials that the pod has.',
  ),
});

/** `plimsoll.sources`: what each may say; what must not be missing or go together is for `configProblems`. */
export const sources = record(source);

type GivenSource = typeof source extends Shape<infer Value> ? Value : never;

/** The settings of a source, with the defaults for what is not given. */
export function completedSource(name: string, given: GivenSource): SourceSettings {
  const { url, tenant, bearerTokenFile, basic, tls, oauth2, sigv4 } = given;
  return {
    name,
    url,
    verb: given.verb ?? DEFAULT_SOURCE.verb,
    timeoutMs: given.timeout ?? DEFAULT_SOURCE.timeoutMs,
    concurrency: given.concurrency ?? DEFAULT_SOURCE.concurrency,
    headers: Object.entries(given.headers).flatMap(([header, values]) =>
      values.map((value): readonly [string, string] => [header, value]),
    ),
    tls,
    ...(tenant === undefined ? {} : { tenant }),
    ...(bearerTokenFile === undefined ? {} : { bearerTokenFile }),
    ...(basic && { basic }),
    ...(oauth2 && { oauth2 }),
    ...(sigv4 && { sigv4: { region: sigv4.region, service: sigv4.service || 'aps' } }),
  };
}

const URL_FORM = /^https?:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?(?:\/[^?#\s]*)?$/i;

function sourceUrl(given: string): string {
  if (/^https?:\/\/[^/]*@/i.test(given)) {
    throw new UsageError(
      'must have no user or password: use basic with passwordFile, or bearerTokenFile, which are read from files',
    );
  }
  if (/^https?:\/\/[^?#]*[?#]/i.test(given)) {
    throw new UsageError(
      'must have no query or fragment, which no request would keep: write what follows ? as headers, tenant or parts of the path',
    );
  }
  if (!URL_FORM.test(given)) {
    throw new UsageError(
      `must be a URL like http://prometheus.monitoring.svc:9090, with http or https, is "${given}"`,
    );
  }
  return given;
}

function timeout(given: string): number {
  const milliseconds = parsePrometheusDuration(given);
  if (milliseconds > 0 && milliseconds <= LONGEST_TIMEOUT_MS) return milliseconds;
  throw new UsageError(`must be more than 0s and at most 5m, is "${given}"`);
}

function headerValue(given: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(given)) return given;
  throw new UsageError('must be the value of a header: one line of Latin-1');
}
