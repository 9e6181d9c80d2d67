import { ApiClient, ApiError, type ApiAccess, PATCH } from '../../../apps/kube-api';
import type { Certificates } from './certificates';

const TIMEOUT_MS = 30_000;
const NOT_FOUND = 404;

/** Requests of an administrator to kube-apiserver. */
export class KubeClient {
  /** For watches. */
  readonly api: ApiClient;
  private readonly never = new AbortController().signal;

  constructor(server: string, certificates: Certificates) {
    this.api = new ApiClient(adminAccess(server, certificates), { userAgent: 'plimsoll-e2e' });
  }

  get(path: string): Promise<unknown> {
    return this.api.get(path, TIMEOUT_MS, this.never);
  }

  /** @returns undefined if there is none */
  async find(path: string): Promise<unknown> {
    try {
      return await this.get(path);
    } catch (error) {
      if (error instanceof ApiError && error.code === NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** What is there in plain text, such as `/readyz`. */
  raw(path: string): Promise<void> {
    return this.api.lines(path, TIMEOUT_MS, this.never, () => undefined, '*/*');
  }

  create(collection: string, object: unknown): Promise<unknown> {
    return this.api.post(collection, object, TIMEOUT_MS, this.never);
  }

  patch(
    path: string,
    body: unknown,
    type: (typeof PATCH)[keyof typeof PATCH] = PATCH.merge,
  ): Promise<unknown> {
    return this.api.patch(path, body, type, TIMEOUT_MS, this.never);
  }
}

function adminAccess(server: string, { caCertificate, admin }: Certificates): ApiAccess {
  const credentials = { ca: caCertificate, certificate: { cert: admin.certificate, key: admin.key } };
  return { url: new URL(server), credentials: () => Promise.resolve(credentials) };
}
