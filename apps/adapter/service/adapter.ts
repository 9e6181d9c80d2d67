import { setTimeout as delay } from 'node:timers/promises';
import { startupProblem, type AdapterFlags } from '../../../core/adapter';
import { UsageError } from '../../../core/errors';
import { parseAdapterConfig, type AdapterConfig } from '../../../core/rules';
import type { Logger } from '../../runtime';
import { systemTimers } from '../timers';
import { Backend } from './backend';
import { ClusterClients } from './cluster-clients';
import { ConfigReload } from './config-reload';
import { Front } from './front';
import type { HealthCheck } from './health';
import { OpenParts } from './open-parts';
import { startServing, type Serving } from './serving';
import { Trust } from './trust';

export interface AdapterProps {
  readonly flags: AdapterFlags;
  readonly logger: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

export interface RunningAdapter {
  /** Where it listens; undefined with `--secure-port=0`. */
  readonly port: number | undefined;
  /** Answers what is in flight, then ends. @returns how many requests were cut off */
  stop(): Promise<number>;
}

/**
 * Starts an adapter.
 * @throws UsageError if flags, configuration or variables are wrong, or the API server does not say whom to believe
 */
export async function startAdapter(props: AdapterProps): Promise<RunningAdapter> {
  const { flags, logger, environment } = props;
  const parts = new OpenParts();
  try {
    const clients = await ClusterClients.create(flags, environment, logger);
    parts.add(() => clients.close());
    const read = (text: string, where: string) => readConfig(text, where, flags);
    const config = new ConfigReload(flags.configPath, read, logger);
    parts.add(() => config.close());
    const backend = new Backend({ ...props, clients, config: await config.start() });
    parts.add(() => backend.close());
    const adapter = new Adapter(props, parts, clients, config, backend);
    await adapter.start();
    return adapter;
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** The adapter, put together: what it knows, whom it believes, what it shows, and the server before all that. */
class Adapter implements RunningAdapter {
  port: number | undefined;
  private readonly trust: Trust;
  private readonly front: Front;
  private serving: Serving | undefined;
  private stopping = false;

  constructor(
    private readonly props: AdapterProps,
    private readonly parts: OpenParts,
    private readonly clients: ClusterClients,
    private readonly config: ConfigReload,
    private readonly backend: Backend,
  ) {
    const { flags, logger, version } = props;
    config.onChange((changed) => backend.setConfig(changed));
    config.onResult((good) => backend.countReload(good));
    this.trust = new Trust({
      ...{ flags: flags.authentication, client: clients.authentication, logger, timers: systemTimers },
    });
    this.front = new Front({
      ...{ flags, logger, version, clients, backend },
      trust: this.trust.holder,
      checks: () => this.checks(),
    });
  }

  async start(): Promise<void> {
    const { flags, environment, logger, version } = this.props;
    this.parts.add(() => this.trust.close());
    await this.trust.start();
    const serving = await startServing({
      ...{ flags: flags.serving, environment, client: this.clients.objects, logger, timers: systemTimers },
      onCertificates: (certificates) => this.front.show(certificates),
    });
    this.serving = serving;
    this.parts.add(() => serving.close());
    this.front.show(serving.first);
    this.backend.followCertificates(() => serving.expiries());
    this.backend.start();
    this.parts.add(() => this.front.stop());
    this.port = await this.front.listen();
    if (this.port === undefined) logger.warn('nothing is served: --secure-port is 0');
    else logger.info('listening', { address: flags.serving.bindAddress, port: this.port, version });
  }

  async stop(): Promise<number> {
    this.stopping = true;
    this.front.dismiss();
    await delay(this.props.flags.serving.shutdownDelayMs);
    const cut = await this.front.stop();
    await this.parts.close();
    return cut;
  }

  private checks(): readonly HealthCheck[] {
    const { tolerateLookupFailure, skipLookup } = this.props.flags.authentication;
    return [
      {
        name: 'shutdown',
        counts: 'ready',
        state: () => (this.stopping ? 'the adapter was told to stop' : undefined),
      },
      {
        name: 'authentication',
        counts: tolerateLookupFailure || skipLookup ? 'told' : 'ready',
        state: () => this.trust.missing,
      },
      { name: 'authentication-update', counts: 'told', state: () => this.trust.problem },
      { name: 'authentication-names', counts: 'told', state: () => this.trust.risk },
      { name: 'certificate', counts: 'ready', state: () => this.serving?.missing() },
      { name: 'certificate-renewal', counts: 'told', state: () => this.serving?.problem() },
      {
        name: 'api-services',
        counts: 'told',
        state: () => this.serving?.foreign().join('; ') || undefined,
      },
      { name: 'configuration', counts: 'told', state: () => this.config.problem },
      ...this.backend.checks(),
    ];
  }
}

/** @throws UsageError for a file with which upstream would not start either, but for single rules */
function readConfig(text: string, where: string, flags: AdapterFlags): AdapterConfig {
  const config = parseAdapterConfig(text, where);
  const problem = startupProblem(flags, config);
  if (problem !== undefined) throw new UsageError(problem);
  return config;
}
