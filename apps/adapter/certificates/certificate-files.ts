import { messageOf } from '../../../core/errors';
import type { Logger } from '../../runtime';
import { WatchedFiles } from '../config-file';
import type { Timers } from '../timers';
import type { KeyPair } from './issue';
import { readPair, validityOf } from './pem';

/** Until files are looked at without a notice. */
const POLL_MS = 60_000;

/** The files of one certificate. */
export interface PairPaths {
  readonly certificate: string;
  readonly key: string;
}

/** `--tls-sni-cert-key`: a certificate for clients that ask for certain names. */
export interface NamedPaths extends PairPaths {
  /** None: those that the certificate is for. */
  readonly names: readonly string[];
}

/** A certificate for clients that ask for certain names. */
export interface NamedPair extends KeyPair {
  readonly names: readonly string[];
}

/** What a server shows to its clients. */
export interface FileCertificates {
  readonly certificate: KeyPair;
  readonly named: readonly NamedPair[];
}

/** What certificate files are followed with. */
export interface CertificateFilesProps {
  readonly certificate: PairPaths;
  readonly named: readonly NamedPaths[];
  readonly logger: Logger;
  readonly timers: Timers;
  readonly onCertificates: (certificates: FileCertificates) => void;
}

/**
 * Certificates in files, read again when those change: all at once, so that what is served together fits together.
 * While one cannot be read, or does not belong to its key, those of before are served.
 */
export class CertificateFiles {
  private readonly files: WatchedFiles;
  private untilMs = Infinity;
  private said: string | undefined;

  constructor(private readonly props: CertificateFilesProps) {
    const { certificate, named, timers, logger, onCertificates } = props;
    this.files = new WatchedFiles({
      paths: [certificate, ...named].flatMap((pair) => [pair.certificate, pair.key]),
      pollMs: POLL_MS,
      timers,
      onChange: (texts) => {
        try {
          onCertificates(this.read(texts));
          this.said = undefined;
          logger.info('read the serving certificates again');
        } catch (error) {
          this.complain(messageOf(error));
        }
      },
      onProblem: (message) => this.complain(message),
    });
  }

  /** Reads the files, and follows them from then on. @throws UsageError if they cannot be used */
  async start(): Promise<FileCertificates> {
    const texts = await this.files.start();
    try {
      return this.read(texts);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Until when the first of the certificates is good, in milliseconds since 1970. */
  get notAfterMs(): number {
    return this.untilMs;
  }

  /** What is wrong with the files now. */
  get problem(): string | undefined {
    return this.said;
  }

  /** Stops following them. */
  close(): void {
    this.files.close();
  }

  private read(texts: readonly string[]): FileCertificates {
    const { certificate, named } = this.props;
    const pairs = [certificate, ...named].map((paths, index) => {
      const pair = { certificate: texts[2 * index] ?? '', key: texts[2 * index + 1] ?? '' };
      return { pair, notAfterMs: validityOf(readPair(pair, paths).certificate).notAfterMs };
    });
    const [first, ...others] = pairs.map(({ pair }) => pair);
    this.untilMs = Math.min(...pairs.map(({ notAfterMs }) => notAfterMs));
    return {
      certificate: first ?? { certificate: '', key: '' },
      named: others.map((pair, index) => ({ ...pair, names: named[index]?.names ?? [] })),
    };
  }

  private complain(problem: string): void {
    this.said = problem;
    this.props.logger.error('the serving certificates of before stay', { cause: problem });
  }
}
