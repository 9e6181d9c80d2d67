import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, UsageError } from '../errors';
import { issueText } from '../kube/object';

const socketAddress = z.looseObject({
  socket_address: z.looseObject({ address: z.string(), port_value: z.number() }),
});

const route = z.looseObject({
  match: z.looseObject({ prefix: z.string().optional(), path: z.string().optional() }),
  route: z.looseObject({ cluster: z.string() }).optional(),
  direct_response: z.looseObject({ status: z.number() }).optional(),
});
/** `config.route.v3.Route`, as far as it is read. */
export type EnvoyRoute = z.infer<typeof route>;

const httpConnectionManager = z.looseObject({
  route_config: z
    .looseObject({
      virtual_hosts: z.array(z.looseObject({ domains: z.array(z.string()), routes: z.array(route) })),
    })
    .optional(),
});

const listener = z.looseObject({
  address: socketAddress,
  filter_chains: z.array(
    z.looseObject({
      filters: z.array(z.looseObject({ typed_config: z.looseObject({ '@type': z.string() }) })),
    }),
  ),
});

const cluster = z.looseObject({
  name: z.string(),
  load_assignment: z
    .looseObject({
      endpoints: z.array(
        z.looseObject({
          lb_endpoints: z.array(z.looseObject({ endpoint: z.looseObject({ address: socketAddress }) })),
        }),
      ),
    })
    .optional(),
});

const bootstrap = z.looseObject({
  admin: z.looseObject({ address: socketAddress }).optional(),
  static_resources: z.looseObject({
    listeners: z.array(listener).default([]),
    clusters: z.array(cluster).default([]),
  }),
});

/** What a static Envoy does: where it listens, which cluster a path goes to, and where a cluster is. */
export interface EnvoyConfig {
  readonly adminPort: number | undefined;
  readonly listeners: readonly { readonly port: number; readonly routes: readonly EnvoyRoute[] }[];
  readonly clusters: readonly { readonly name: string; readonly address: string; readonly port: number }[];
}

/**
 * Reads a static bootstrap configuration (`config.bootstrap.v3.Bootstrap`) in YAML or JSON.
 * @param where names it in errors
 * @throws UsageError with the field that does not fit, or for a listener without HTTP routes to any host
 */
export function parseEnvoyConfig(text: string, where: string): EnvoyConfig {
  const { admin, static_resources: resources } = validated(text, where);
  return {
    adminPort: admin?.address.socket_address.port_value,
    listeners: resources.listeners.map(({ address, filter_chains: chains }) => {
      const port = address.socket_address.port_value;
      return { port, routes: routesOf(chains, `${where}: listener on port ${port}`) };
    }),
    clusters: resources.clusters.map(({ name, load_assignment: assignment }) => {
      const [first] = assignment?.endpoints.flatMap(({ lb_endpoints: endpoints }) => endpoints) ?? [];
      if (!first) throw new UsageError(`${where}: cluster ${name} has no endpoint in its load_assignment`);
      const { address, port_value: port } = first.endpoint.address.socket_address;
      return { name, address, port };
    }),
  };
}

function validated(text: string, where: string): z.infer<typeof bootstrap> {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new UsageError(`${where}: ${messageOf(error)}`, { cause: error });
  }
  const result = bootstrap.safeParse(document);
  if (!result.success) throw new UsageError(`${where}: ${issueText(result.error)}`);
  return result.data;
}

function routesOf(chains: z.infer<typeof listener>['filter_chains'], where: string): readonly EnvoyRoute[] {
  const managers = chains
    .flatMap(({ filters }) => filters)
    .map(({ typed_config: config }) => config)
    .filter((config) => config['@type'].endsWith('.HttpConnectionManager'))
    .map((config) => httpConnectionManager.safeParse(config).data);
  const hosts = managers.flatMap((manager) => manager?.route_config?.virtual_hosts ?? []);
  const [host] = hosts;
  if (!host || hosts.length > 1 || !host.domains.includes('*')) {
    throw new UsageError(`${where}: give it one HttpConnectionManager whose virtual host takes domain "*"`);
  }
  return host.routes;
}
