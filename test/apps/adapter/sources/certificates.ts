import { issue, type Issued } from '../auth/certificates';

const SUBJECT_ALT_NAME = '2.5.29.17';

/** A certificate and its key, PEM. */
interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** An authority that exists for one test. */
export class Authority {
  private readonly own: Issued;

  constructor(name: string) {
    this.own = issue({ name, authority: true });
  }

  get pem(): string {
    return this.own.certificate;
  }

  /** For 127.0.0.1, or for a name. */
  issue(name: string, host = '127.0.0.1'): Identity {
    const isAddress = /^[\d.]+$/.test(host);
    const { certificate, key } = issue({
      name,
      by: this.own,
      ...(isAddress ? { extensions: [addressExtension(host)] } : { dnsNames: [host] }),
    });
    return { cert: certificate, key };
  }
}

/** A subject alternative name of one IPv4 address. */
function addressExtension(address: string) {
  const bytes = Buffer.from([0x30, 6, 0x87, 4, ...address.split('.').map(Number)]);
  return { type: SUBJECT_ALT_NAME, critical: false, value: bytes.toString('hex') };
}
