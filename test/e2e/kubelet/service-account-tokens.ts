import { z } from 'zod';
import type { ClusterApi } from './cluster-api';
import { type Pod, podText } from './pod';

const answer = z.object({ status: z.object({ token: z.string(), expirationTimestamp: z.string() }) });

/** Part of its life after which a token is replaced, as the kubelet does it. */
const RENEWED_AT = 0.8;

interface Minted {
  readonly token: Buffer;
  readonly renewAtMs: number;
}

/** The tokens of one pod, renewed before they expire. */
export class ServiceAccountTokens {
  private readonly minted = new Map<string, Minted>();

  constructor(
    private readonly api: ClusterApi,
    private readonly pod: Pod,
  ) {}

  /** When the first of them has to be renewed; undefined without tokens. */
  get renewAtMs(): number | undefined {
    const times = [...this.minted.values()].map(({ renewAtMs }) => renewAtMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async token(audience: string | undefined, expirationSeconds: number): Promise<Buffer> {
    const key = `${audience ?? ''} ${expirationSeconds}`;
    const known = this.minted.get(key);
    if (known && Date.now() < known.renewAtMs) return known.token;
    const { metadata, spec } = this.pod;
    const path = `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${spec.serviceAccountName}/token`;
    const { status } = answer.parse(
      await this.api.create(path, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          ...(audience === undefined ? {} : { audiences: [audience] }),
          expirationSeconds,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid },
        },
      }),
    );
    const nowMs = Date.now();
    const lifeMs = Date.parse(status.expirationTimestamp) - nowMs;
    if (!(lifeMs > 0))
      throw new Error(`the token of ${podText(this.pod)} has expired already: compare the clocks`);
    const token = Buffer.from(status.token);
    this.minted.set(key, { token, renewAtMs: nowMs + lifeMs * RENEWED_AT });
    return token;
  }
}
