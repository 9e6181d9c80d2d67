import { z } from 'zod';
import type { AdapterFlags } from '../../../core/adapter';
import { messageOf, UsageError } from '../../../core/errors';
import { CollectionWatch, PATIENCE, type ApiClient } from '../../kube-api';
import type { Logger } from '../../runtime';
import { TrustHolder, type TrustOrigin, type TrustSettings } from '../auth';
import { WatchedFiles } from '../config-file';
import type { Timers } from '../timers';
import { QuietLog } from '../quiet-log';

const CONFIG_MAPS = '/api/v1/namespaces/kube-system/configmaps';
const CONFIG_MAP = 'extension-apiserver-authentication';
/** Until files are looked at without a notice. */
const POLL_MS = 60_000;
/** The reading that has to succeed before the adapter starts; upstream is as patient. */
const FIRST_MS = 10_000;

const configMap = z.object({ data: z.record(z.string(), z.string()).optional() });

export interface TrustProps {
  readonly flags: AdapterFlags['authentication'];
  readonly client: ApiClient;
  readonly logger: Logger;
  readonly timers: Timers;
}

/** Whom the adapter believes: files of flags, and the ConfigMap in which the API server publishes it, both followed. */
export class Trust {
  readonly holder: TrustHolder;
  private readonly end = new AbortController();
  private files: WatchedFiles | undefined;
  private watching: Promise<unknown> = Promise.resolve();
  /** What is wrong with what was last read, by where it came from; the last good trust stays. */
  private readonly refused = new Map<TrustOrigin, string>();
  private readonly quiet: QuietLog;
  private warnedOf: string | undefined;

  constructor(private readonly props: TrustProps) {
    const { logger, timers } = props;
    this.quiet = new QuietLog(logger, () => timers.now());
    this.holder = new TrustHolder({
      onChange: (origin) => {
        this.refused.delete(origin);
        this.noteRisk();
      },
      onProblem: (message, origin) => this.refuse(origin, message, 'whom to believe cannot be read'),
    });
  }

  /** Why nobody is recognised, if that is so. */
  get missing(): string | undefined {
    return this.holder.current.frontProxy ? undefined : 'no front proxy is trusted yet';
  }

  /** Why what flags or the cluster say now is not what counts. */
  get problem(): string | undefined {
    return this.refused.size === 0 ? undefined : [...this.refused.values()].join('; ');
  }

  /** What is dangerous about the trust of the moment. */
  get risk(): string | undefined {
    return this.holder.risk;
  }

  /** @throws UsageError if it cannot be read and is not dispensable */
  async start(): Promise<void> {
    await this.followFiles();
    const { flags, client, logger } = this.props;
    if (flags.skipLookup) return;
    try {
      const path = `${CONFIG_MAPS}/${CONFIG_MAP}`;
      this.holder.setConfigMap(configMap.parse(await client.get(path, FIRST_MS, this.end.signal)).data);
    } catch (error) {
      const problem =
        `ConfigMap kube-system/${CONFIG_MAP} cannot be read: ${messageOf(error)}; bind the Role ` +
        `extension-apiserver-authentication-reader in kube-system, or set --authentication-tolerate-lookup-failure`;
      if (!flags.tolerateLookupFailure) throw new UsageError(problem);
      this.refused.set('cluster', problem);
      logger.warn('nobody is recognised by the front proxy', { cause: problem });
    }
    this.watching = this.watch();
  }

  async close(): Promise<void> {
    this.end.abort(new Error('stopping'));
    this.files?.close();
    await this.watching;
  }

  private watch(): Promise<unknown> {
    const { client, logger } = this.props;
    const take = (object: unknown) => void this.holder.setConfigMap(configMap.parse(object).data);
    return new CollectionWatch({
      ...{ client, patience: PATIENCE, random: Math.random },
      path: CONFIG_MAPS,
      fieldSelector: `metadata.name=${CONFIG_MAP}`,
      sink: {
        listing: () => ({ page: (objects) => objects.forEach(take), done: () => undefined }),
        changed: take,
        removed: () => logger.warn('the ConfigMap of whom to believe is gone; what it said still counts'),
      },
      onHeard: () => undefined,
      onProblem: (error, retryInMs) => {
        const cause = messageOf(error);
        this.quiet.warn(cause, 'watch of whom to believe', { cause, retryInMs });
      },
    }).run(this.end.signal);
  }

  /** The files of flags; what flags say counts before what the cluster says. */
  private async followFiles(): Promise<void> {
    const { flags, timers } = this.props;
    const { clientCaFile, requestHeader } = flags;
    const paths = [clientCaFile, requestHeader.clientCaFile].filter((path) => path !== undefined);
    if (paths.length === 0) return;
    const take = (texts: readonly string[]) => this.holder.setFlags(settingsOf(flags, paths, texts));
    this.files = new WatchedFiles({
      ...{ paths, timers, pollMs: POLL_MS },
      onChange: take,
      onProblem: (message) => this.refuse('flags', message, 'authorities cannot be read'),
    });
    if (!take(await this.files.start())) throw new UsageError(this.problem ?? 'authorities cannot be read');
  }

  /** The same again, as each list of a watch that breaks off brings it, is told once. */
  private refuse(origin: TrustOrigin, cause: string, message: string): void {
    if (this.refused.get(origin) === cause) return;
    this.refused.set(origin, cause);
    this.props.logger.error(message, { cause });
  }

  private noteRisk(): void {
    const { risk } = this;
    if (risk !== undefined && risk !== this.warnedOf)
      this.props.logger.warn('the trust in clients is too wide', { cause: risk });
    this.warnedOf = risk;
  }
}

function settingsOf(
  { clientCaFile, requestHeader }: AdapterFlags['authentication'],
  paths: readonly string[],
  texts: readonly string[],
): TrustSettings {
  const textOf = (path: string | undefined) => (path === undefined ? undefined : texts[paths.indexOf(path)]);
  return {
    clientCa: textOf(clientCaFile),
    requestHeaderCa: textOf(requestHeader.clientCaFile),
    allowedNames: requestHeader.allowedNames,
    usernameHeaders: requestHeader.usernameHeaders,
    uidHeaders: requestHeader.uidHeaders,
    groupHeaders: requestHeader.groupHeaders,
    extraHeaderPrefixes: requestHeader.extraPrefixes,
  };
}
