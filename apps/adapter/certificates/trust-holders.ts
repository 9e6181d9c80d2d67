import { messageOf } from '../../../core/errors';
import { ApiError, type ApiClient, type Patience } from '../../kube-api';
import type { Logger } from '../../runtime';
import { API_SERVICES, readApiService, trust, type ApiService } from './api-services';
import { configMapsPath, publish, readCaConfigMap, type CaConfigMap } from './ca-config-maps';
import { textOf, type NamespacedName } from './namespaced-name';

/** Which objects tell those who check a certificate whom to believe. */
export interface TrustHoldersProps {
  readonly client: ApiClient;
  readonly patience: Patience;
  /** The Service of the server: an APIService that leads to another one is another server's. */
  readonly service: NamespacedName;
  /** Names of the APIServices that the server is behind, or is to be. */
  readonly apiServices: readonly string[];
  /** ConfigMaps for others than API servers, such as who scrapes the server. */
  readonly caConfigMaps: readonly NamespacedName[];
  readonly logger: Logger;
}

/** The objects as they were read. */
export interface ReadHolders {
  /** APIServices that lead to the server. */
  readonly services: readonly ApiService[];
  /** Those that lead elsewhere. */
  readonly foreign: readonly ApiService[];
  readonly configMaps: readonly CaConfigMap[];
  /** Why others could not be. */
  readonly problems: readonly string[];
}

/** What writing came to. */
interface Written {
  /** Whether there was anything to write. */
  readonly changed: boolean;
  /** What could not be written. */
  readonly problems: readonly string[];
}

/**
 * The APIServices and ConfigMaps that hold the authorities; each object fails on its own. An APIService that leads to
 * another server is only read: with other authorities in it that server would not be believed any more.
 */
export class TrustHolders {
  constructor(
    private readonly props: TrustHoldersProps,
    private readonly signal: AbortSignal,
  ) {}

  /** Collections and names of the objects, to watch them. */
  get places(): readonly { readonly path: string; readonly name: string }[] {
    const { apiServices, caConfigMaps } = this.props;
    return [
      ...apiServices.map((name) => ({ path: API_SERVICES, name })),
      ...caConfigMaps.map((at) => ({ path: configMapsPath(at), name: at.name })),
    ];
  }

  async read(): Promise<ReadHolders> {
    const { client, patience, apiServices, caConfigMaps } = this.props;
    const problems: string[] = [];
    const all = await this.each(apiServices, problems, {
      labelOf: (name) => `APIService ${name} cannot be read`,
      run: (name) => readApiService(client, name, patience.listMs, this.signal),
    });
    const configMaps = await this.each(caConfigMaps, problems, {
      labelOf: (at) => `ConfigMap ${textOf(at)} cannot be read`,
      run: (at) => readCaConfigMap(client, at, patience.listMs, this.signal),
    });
    const services = all.filter((each) => this.isOwn(each));
    const foreign = all.filter((each) => !this.isOwn(each));
    return { services, foreign, configMaps, problems };
  }

  private isOwn({ service }: ApiService): boolean {
    return service !== undefined && textOf(service) === textOf(this.props.service);
  }

  /**
   * Has the API server believe these authorities, and no others.
   * @throws ApiError of code 409 if an object has changed since it was read
   */
  async tellApiServer({ services }: ReadHolders, bundle: string): Promise<Written> {
    const { client, patience, logger } = this.props;
    const unaware = services.filter(({ caBundle, unchecked }) => caBundle !== bundle || unchecked);
    const problems: string[] = [];
    await this.each(unaware, problems, {
      labelOf: ({ name }) => `caBundle of APIService ${name} cannot be written`,
      run: async (service) => {
        await trust(client, service, bundle, patience.listMs, this.signal);
        logger.info('wrote the trusted authorities', { apiService: service.name });
      },
    });
    return { changed: unaware.length > 0, problems };
  }

  /**
   * Tells everybody else.
   * @returns what could not be written
   * @throws ApiError of code 409 if an object has changed since it was read
   */
  async tellOthers({ configMaps }: ReadHolders, bundle: string): Promise<readonly string[]> {
    const { client, patience, logger } = this.props;
    const unaware = configMaps.filter((configMap) => configMap.bundle !== bundle);
    const problems: string[] = [];
    await this.each(unaware, problems, {
      labelOf: ({ at }) => `ca.crt of ConfigMap ${textOf(at)} cannot be written`,
      run: async (configMap) => {
        await publish(client, configMap, bundle, patience.listMs, this.signal);
        logger.info('wrote the trusted authorities', { configMap: textOf(configMap.at) });
      },
    });
    return problems;
  }

  /** Does something to each, and says which it failed with; conflicts are the caller's. */
  private async each<Item, Result>(
    items: readonly Item[],
    problems: string[],
    { labelOf, run }: { labelOf: (item: Item) => string; run: (item: Item) => Promise<Result> },
  ): Promise<Result[]> {
    const results: Result[] = [];
    for (const item of items) {
      try {
        results.push(await run(item));
      } catch (error) {
        if (error instanceof ApiError && error.code === 409) throw error;
        problems.push(`${labelOf(item)}: ${messageOf(error)}`);
      }
    }
    return results;
  }
}
