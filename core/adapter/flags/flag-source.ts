import { type SourceSettings } from '../../rules/sources';
import { type AdapterFlags } from './adapter-flags';

/** The source that the flags describe: the one of every rule that names no other. */
export function flagSource(flags: AdapterFlags): SourceSettings {
  return {
    name: '',
    url: flags.prometheusUrl,
    verb: flags.prometheusVerb,
    timeoutMs: flags.prometheusTimeoutMs,
    concurrency: flags.prometheusConcurrency,
    headers: flags.prometheusHeaders,
    bearerTokenFile: flags.prometheusTokenFile,
    tls: {
      caFile: flags.prometheusCaFile,
      certFile: flags.prometheusClientCertFile,
      keyFile: flags.prometheusClientKeyFile,
    },
  };
}
