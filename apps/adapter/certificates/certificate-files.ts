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
  /** For those that ask for no name of the others; absent where it is no file. */
  readonly certificate?: KeyPair;
  readonly named: readonly NamedPair[];
}

/** What certificate files are followed with. */
export interface CertificateFilesProps {
  readonly certificate?: PairPaths;
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
    const { timers, logger, onCertificates } = props;
    this.files = new WatchedFiles({
      paths: this.pairs.flatMap((pair) => [pair.certificate, pair.key]),
      pollMs: POLL_MS,
      timers,
      onChange: (texts) => {
        try {
          const { certificates, untilMs } = this.read(texts);
          onCertificates(certificates);
          this.untilMs = untilMs;
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
      const { certificates, untilMs } = this.read(texts);
      this.untilMs = untilMs;
      return certificates;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Until when the first of the certificates that are served is good, in milliseconds since 1970. */
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

  private get pairs(): readonly PairPaths[] {
    const { certificate, named } = this.props;
    return certificate ? [certificate, ...named] : named;
  }

  private read(texts: readonly string[]): {
    readonly certificates: FileCertificates;
    readonly untilMs: number;
  } {
    const { certificate, named } = this.props;
    const read = this.pairs.map((paths, index) => {
      const pair = { certificate: texts[2 * index] ?? '', key: texts[2 * index + 1] ?? '' };
      return { pair, notAfterMs: validityOf(readPair(pair, paths).certificate).notAfterMs };
    });
    const untilMs = Math.min(...read.map(({ notAfterMs }) => notAfterMs));
    const [first, ...others] = read.map(({ pair }) => pair);
    if (!certificate || !first)
      return {
        certificates: {
          named: withNames(
            read.map(({ pair }) => pair),
            named,
          ),
        },
        untilMs,
      };
    return { certificates: { certificate: first, named: withNames(others, named) }, untilMs };
  }

  private complain(problem: string): void {
    this.said = problem;
    this.props.logger.error('the serving certificates of before stay', { cause: problem });
  }
}

function withNames(pairs: readonly KeyPair[], named: readonly NamedPaths[]): readonly NamedPair[] {
  return pairs.map((pair, index) => ({ ...pair, names: named[index]?.names ?? [] }));
}
