import { isAscii } from 'node:buffer';
import { z } from 'zod';
import { messageOf } from '../../../core/errors';
import { isGood, type Incoming } from './exchange';
import { SourceError } from './outcome';
import { excerpt } from './excerpt';
import { retryAfterMs } from './retry-after';

/** What `web/api/v1` of Prometheus answers; the data is checked by who asked for it. */
const envelope = z.object({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  errorType: z.string().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).nullish(),
  infos: z.array(z.string()).nullish(),
});
type Envelope = z.infer<typeof envelope>;

/** The data of an answer, and what Prometheus remarks on it. */
export interface ApiAnswer {
  readonly data: unknown;
  readonly warnings: readonly string[];
}

/**
 * Reads an answer of Prometheus' API. As upstream, JSON is taken under every content type.
 * @param secrets what was sent and must not be seen in messages
 * @throws SourceError
 */
export function apiAnswer(answer: Incoming, nowMs: number, secrets: readonly string[]): ApiAnswer {
  const api = readEnvelope(answer);
  if (isGood(answer.status)) {
    if (typeof api === 'string') throw new SourceError('not-understood', `${got(answer, secrets)}: ${api}`);
    if (api.status === 'success') {
      return { data: api.data, warnings: [...(api.warnings ?? []), ...(api.infos ?? [])] };
    }
  }
  throw problem(answer, typeof api === 'string' ? undefined : api, nowMs, secrets);
}

/** @returns why it is not an answer of Prometheus' API */
function readEnvelope({ body, headers }: Incoming): Envelope | string {
  if (body.length === 0) return 'it is empty';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return `it is encoded with ${excerpt(encoding)}, which nobody asked for`;
  let json: unknown;
  try {
    json = JSON.parse(textOf(body));
  } catch (error) {
    return `it is no JSON${/unterminated|end of JSON/i.test(messageOf(error)) ? ', or it was cut off' : ''}`;
  }
  const read = envelope.safeParse(json);
  return read.success ? read.data : "it is JSON, but not an answer of Prometheus' API";
}

/** Answers are of ASCII nearly always, which is a tenth of the work to read. */
function textOf(body: Buffer): string {
  return body.toString(isAscii(body) ? 'latin1' : 'utf8');
}

function problem(
  answer: Incoming,
  api: Envelope | undefined,
  nowMs: number,
  secrets: readonly string[],
): SourceError {
  const { status } = answer;
  const said =
    api?.error === undefined
      ? got(answer, secrets)
      : `it answered ${status}, ${excerpt(api.error, secrets, 1_000)}`;
  switch (status) {
    case 401:
    case 403:
      return new SourceError('refused', `it refuses the credentials: ${said}`);
    case 404:
    case 405:
      return new SourceError('refused', `nothing answers there; is this the URL of a Prometheus? ${said}`);
    case 413:
    case 414:
    case 431:
      return new SourceError('query', `the query is too long for it or for a proxy before it: ${said}`);
    case 429:
    case 502:
    case 504:
      return new SourceError('overload', said, retryAfterMs(answer.headers, nowMs));
    default:
      break;
  }
  if (api) return apiProblem(answer, api, nowMs, secrets);
  if (status === 503) return new SourceError('overload', said, retryAfterMs(answer.headers, nowMs));
  return new SourceError('not-understood', said);
}

/** By the type of the error, as `web/api/v1/api.go` names them. */
function apiProblem(
  { status, headers }: Incoming,
  { errorType = 'unknown', error = 'no reason given' }: Envelope,
  nowMs: number,
  secrets: readonly string[],
): SourceError {
  const text = `${excerpt(errorType, secrets)}: ${excerpt(error, secrets, 1_000)}`;
  switch (errorType) {
    case 'timeout':
    case 'canceled':
      return new SourceError('late', text);
    case 'bad_data':
    case 'execution':
      return new SourceError('query', text);
    default:
      if (status === 503) return new SourceError('overload', text, retryAfterMs(headers, nowMs));
      return status >= 500 || isGood(status) || errorType === 'unavailable'
        ? new SourceError('not-understood', text)
        : new SourceError('query', text);
  }
}

/** What came instead, in a few words. */
function got({ status, headers, body, proxy }: Incoming, secrets: readonly string[]): string {
  const type = headers['content-type'];
  const kind = type === undefined ? 'no content type' : excerpt(type, secrets, 60);
  // More than is shown, since control characters are left out and characters may be longer than a byte.
  const text = excerpt(body.subarray(0, 4_096).toString(), secrets);
  const who = proxy === undefined ? 'it' : `it, or the proxy ${proxy},`;
  return `${who} answered ${status} with ${kind}${text === '' ? '' : `: ${JSON.stringify(text)}`}`;
}
