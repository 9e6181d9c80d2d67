import type { SignatureV4 } from '@smithy/signature-v4';
import { messageOf } from '../../../core/errors';
import type { SourceSettings } from '../../../core/rules/sources';
import type { Authorizer } from './authorizer';
import type { Deadline } from './deadline';
import type { Target } from './endpoint';
import type { Headers } from './exchange';
import { SourceError } from './outcome';

/** Sent by the request itself. */
const OWN: ReadonlySet<string> = new Set(['host', 'content-type']);

/**
 * Signs requests with AWS Signature Version 4, their bodies included. Credentials come from where AWS' own programs look
 * for them: the environment, web identity of a service account, the container's or the instance's metadata.
 */
export class SigV4Authorizer implements Authorizer {
  private signer: Promise<SignatureV4> | undefined;

  constructor(
    private readonly settings: NonNullable<SourceSettings['sigv4']>,
    private readonly now: () => number,
  ) {}

  async headers(target: Target, deadline: Deadline): Promise<Headers> {
    try {
      return await deadline.wait(this.signed(target));
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError('refused', `not signed for AWS: ${messageOf(error)}`);
    }
  }

  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async signed({ method, url, body }: Target): Promise<Headers> {
    this.signer ??= makeSigner(this.settings);
    const signer = await this.signer;
    const { headers } = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: queryOf(url),
        headers: {
          host: url.host,
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body,
      },
      { signingDate: new Date(this.now()) },
    );
    return Object.entries(headers).filter(([name]) => !OWN.has(name.toLowerCase()));
  }
}

/** Loaded when it is needed: the ways to credentials are many, and most adapters need none. */
async function makeSigner({ region, service }: NonNullable<SourceSettings['sigv4']>): Promise<SignatureV4> {
  const [{ SignatureV4 }, { Sha256 }, { defaultProvider }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-js'),
    import('@aws-sdk/credential-provider-node'),
  ]);
  return new SignatureV4({ region, service, sha256: Sha256, credentials: defaultProvider() });
}

function queryOf({ searchParams }: URL): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const name of new Set(searchParams.keys())) query[name] = searchParams.getAll(name);
  return query;
}
