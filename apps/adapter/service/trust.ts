import { z } from 'zod';
import type { AdapterFlags } from '../../../core/adapter';
import { messageOf, UsageError } from '../../../core/errors';
import { CollectionWatch, PATIENCE, type ApiClient } from '../../kube-api';
import type { Logger } from '../../runtime';
import { TrustHolder, type TrustSettings } from '../auth';
import { WatchedFiles } from '../config-file';
import type { Timers } from '../timers';

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
  /** Told after each change of whom to believe. */
  readonly onChange: () => void;
}

/** Whom the adapter believes: files of flags, and the ConfigMap in which the API server publishes it, both followed. */
export class Trust {
  readonly holder: TrustHolder;
  private readonly end = new AbortController();
  private files: WatchedFiles | undefined;
  private watching: Promise<unknown> = Promise.resolve();
  private said: string | undefined;

  constructor(private readonly props: TrustProps) {
    const { logger, onChange } = props;
    this.holder = new TrustHolder({
      onChange: () => {
        this.said = undefined;
        onChange();
      },
      onProblem: (message) => {
        this.said = message;
        logger.error('whom to believe cannot be read', { cause: message });
      },
    });
  }

  /** What is wrong now, if something is. */
  get problem(): string | undefined {
    const { frontProxy } = this.holder.current;
    return this.said ?? (frontProxy ? undefined : 'no front proxy is trusted yet');
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
      this.said = problem;
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
        replaced: (objects) => objects.forEach(take),
        changed: take,
        removed: () => logger.warn('the ConfigMap of whom to believe is gone; what it said still counts'),
      },
      onHeard: () => undefined,
      onProblem: (error, retryInMs) =>
        logger.warn('watch of whom to believe', { cause: messageOf(error), retryInMs }),
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
      onProblem: (message) => this.props.logger.error('authorities cannot be read', { cause: message }),
    });
    if (!take(await this.files.start())) throw new UsageError(this.said ?? 'authorities cannot be read');
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
