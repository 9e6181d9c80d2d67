import { setMaxListeners } from 'node:events';
import { Agent, request } from 'node:https';
import { ApiClient, ApiError, PATCH, type ApiAccess } from '../../../apps/kube-api';
import type { ClusterAccess } from '../contracts';

const TIMEOUT_MS = 10_000;

/** Requests to kube-apiserver as an administrator. */
export class ClusterApi {
  readonly client: ApiClient;
  private readonly agent: Agent;
  private readonly origin: string;
  private readonly end = new AbortController();

  constructor(access: ClusterAccess) {
    const { caCertificate: ca, adminCertificate: cert, adminKey: key } = access;
    this.origin = `https://${access.apiServerAddress}:${access.apiServerPort}`;
    const api: ApiAccess = {
      url: new URL(this.origin),
      credentials: () => Promise.resolve({ ca, certificate: { cert, key } }),
    };
    // Every node and every watch listens for the end.
    setMaxListeners(0, this.end.signal);
    this.client = new ApiClient(api, { userAgent: 'kubelet' });
    this.agent = new Agent({ keepAlive: true, maxSockets: 4, ca, cert, key });
  }

  /** Aborted when all is over. */
  get stopped(): AbortSignal {
    return this.end.signal;
  }

  get(path: string): Promise<unknown> {
    return this.client.get(path, TIMEOUT_MS, this.end.signal);
  }

  /** @returns undefined if there is no such object */
  async find(path: string): Promise<unknown> {
    return this.get(path).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    });
  }

  create(path: string, body: unknown): Promise<unknown> {
    return this.client.post(path, body, TIMEOUT_MS, this.end.signal);
  }

  merge(path: string, body: unknown): Promise<unknown> {
    return this.client.patch(path, body, PATCH.merge, TIMEOUT_MS, this.end.signal);
  }

  /** Server-side apply: lists of things with a name are merged, so that what others have written stays. */
  apply(path: string, body: unknown): Promise<unknown> {
    const url = `${path}?fieldManager=kubelet&force=true`;
    return this.client.patch(url, body, PATCH.apply, TIMEOUT_MS, this.end.signal);
  }

  /**
   * Deletes an object.
   * @throws ApiError if the answer is neither a success nor that it is gone
   */
  remove(path: string, options: unknown): Promise<void> {
    const body = JSON.stringify(options);
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.origin}${path}`,
        {
          agent: this.agent,
          method: 'DELETE',
          timeout: TIMEOUT_MS,
          signal: this.end.signal,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          const code = response.statusCode ?? 0;
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('error', reject);
          response.on('end', () => {
            // Gone, or another pod of that name by now.
            if (code < 300 || code === 404 || code === 409) resolve();
            else reject(new ApiError(code, Buffer.concat(pieces).toString().slice(0, 500)));
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`DELETE ${path}: no answer in ${TIMEOUT_MS} ms`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.end.abort();
    this.client.close();
    this.agent.destroy();
  }
}
