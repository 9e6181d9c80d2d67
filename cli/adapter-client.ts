import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { z } from 'zod';
import { messageOf, UsageError } from '../core/errors';
import { adapterExplanation, type AdapterExplanation } from '../core/rule-explain';

/** How an adapter is asked. Its certificate is always verified. */
export interface AdapterAddress {
  readonly url: string;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  /** Authorities of its certificate, instead of the usual ones. */
  readonly caFile?: string | undefined;
  /** The name that the certificate is for, where it is not that of the address. */
  readonly serverName?: string | undefined;
  /** Client certificate and its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly timeoutMs: number;
}

/** More than this no explanation has. */
const MOST_BYTES = 64 * 1024 * 1024;
const status = z.looseObject({ kind: z.literal('Status'), message: z.string() });

interface Answer {
  readonly code: number;
  readonly text: string;
}

/** Asks Plimsoll's adapter for explanations, past the aggregation layer, which passes on `/apis` alone. */
export class AdapterClient {
  private readonly base: URL;
  private readonly options: RequestOptions;

  /** @throws UsageError on an address or a combination of options that cannot be, or a file that cannot be read */
  constructor(private readonly address: AdapterAddress) {
    this.base = baseOf(address.url);
    this.options = optionsOf(address);
  }

  /**
   * @param path of the explanation, with its query
   * @throws UsageError if there is no answer, or another one than an explanation
   */
  async explain(path: string): Promise<AdapterExplanation> {
    const { code, text } = await this.get(path);
    const json = jsonOf(text);
    if (code !== 200) throw new UsageError(`${this.base.href}: ${refusal(code, json)}`);
    const { data } = adapterExplanation.safeParse(json);
    if (data) return data;
    throw new UsageError(
      `${this.base.href}: answers with what is no explanation: name the address of Plimsoll's adapter, of the version of this program`,
    );
  }

  private get(path: string): Promise<Answer> {
    const url = new URL(path.replace(/^\//, ''), this.base);
    const { timeoutMs } = this.address;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(new UsageError(this.failure(error), { cause: error }));
      const signal = AbortSignal.timeout(timeoutMs);
      const sent = request(url, { ...this.options, signal }, (response) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        response.on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > MOST_BYTES) response.destroy(new Error(`the answer has over ${MOST_BYTES} bytes`));
          else pieces.push(piece);
        });
        response.on('error', fail);
        response.on('end', () =>
          resolve({ code: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
        );
      });
      sent.on('error', fail);
      sent.end();
    });
  }

  private failure(error: unknown): string {
    return `${this.base.href}: ${this.reason(error)}`;
  }

  private reason(error: unknown): string {
    const { code, name, cert } = failedConnection.parse(error);
    if (AUTHORITY_UNKNOWN.has(code)) {
      return `its certificate is of an authority that is not known (${code}): name the file with it by --ca-file, as caBundle of its APIService has it`;
    }
    switch (code) {
      case 'ERR_TLS_CERT_ALTNAME_INVALID':
        return `its certificate is not for this name, but for ${cert.subjectaltname}: choose one of these by --server-name`;
      case 'CERT_HAS_EXPIRED':
        return 'its certificate has expired: the log of the adapter says why it was not renewed';
      case 'ECONNREFUSED':
        return `cannot be asked: ${code}: kubectl port-forward service/NAME 8443:443 makes a way to it`;
    }
    return name === 'AbortError' || name === 'TimeoutError'
      ? `cannot be asked: no answer within ${this.address.timeoutMs / 1000} s`
      : `cannot be asked: ${messageOf(error)}`;
  }
}

/** What Node says of a connection that failed. */
const failedConnection = z
  .object({
    code: z.string().catch(''),
    name: z.string().catch(''),
    cert: z.object({ subjectaltname: z.string().catch('no name') }).catch({ subjectaltname: 'no name' }),
  })
  .catch({ code: '', name: '', cert: { subjectaltname: '' } });

const AUTHORITY_UNKNOWN: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function refusal(code: number, json: unknown): string {
  const said = status.safeParse(json).data?.message ?? '';
  const why = said === '' ? '' : ` (${said})`;
  switch (code) {
    case 401:
      return `does not know who asks: give --token or --token-file (kubectl create token NAME), or --cert and --key${why}`;
    case 403:
      return `refuses: explaining a metric needs the same right as reading it, get on it${why}`;
    case 404:
      return said === '' || said === 'the server could not find the requested resource'
        ? "has nothing there: name the address of Plimsoll's adapter; prometheus-adapter and the Kubernetes API explain nothing"
        : said;
    default:
      return `answers ${code}${why}`;
  }
}

function optionsOf(address: AdapterAddress): RequestOptions {
  const { token, tokenFile, caFile, serverName, certFile, keyFile } = address;
  if (token !== undefined && tokenFile !== undefined)
    throw new UsageError('give --token or --token-file, not both');
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new UsageError('--cert and --key belong together: give both');
  const bearer = tokenFile === undefined ? token : fileOf('token-file', tokenFile).toString().trim();
  if (bearer !== undefined && !/^[\x21-\x7e]+$/.test(bearer)) {
    throw new UsageError(
      `--token${tokenFile === undefined ? '' : '-file'}: a token is one word, without spaces`,
    );
  }
  return {
    agent: false,
    minVersion: 'TLSv1.2',
    headers: {
      accept: 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(caFile === undefined ? {} : { ca: fileOf('ca-file', caFile) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(certFile === undefined || keyFile === undefined
      ? {}
      : { cert: fileOf('cert', certFile), key: fileOf('key', keyFile) }),
  };
}

function fileOf(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`--${option}: cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function baseOf(text: string): URL {
  const withSlash = text.endsWith('/') ? text : `${text}/`;
  const url = URL.canParse(withSlash) ? new URL(withSlash) : undefined;
  if (!url || url.protocol !== 'https:') {
    throw new UsageError(
      `--adapter "${text}": write an address such as https://localhost:8443; an adapter is never asked in clear`,
    );
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new UsageError(
      '--adapter: name the address alone; who asks is said by --token-file, or --cert and --key',
    );
  }
  return url;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
