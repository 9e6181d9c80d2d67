import { flagSource, type AdapterFlags } from '../../../core/adapter';
import type { SourceSettings } from '../../../core/rules/sources';
import type { Logger } from '../../runtime';
import { inClusterSettings } from '../sources';

/**
 * The source of the flags, with the credentials that upstream would use (`makePromClient` of `cmd/adapter`): a token file
 * goes before the pod's own token, and with an authority of its own there is neither of the pod's, nor a proxy.
 */
export function flagSourceSettings(flags: AdapterFlags, logger: Logger): SourceSettings {
  const own: SourceSettings = {
    ...flagSource(flags),
    kubeconfig: flags.prometheusAuthConfig,
    ...(flags.prometheusCaFile === undefined ? {} : { withoutProxy: true }),
  };
  if (!flags.prometheusAuthInCluster) return own;
  if (flags.prometheusCaFile !== undefined) {
    logger.warn(
      '--prometheus-auth-incluster has no effect: with --prometheus-ca-file credentials are those of ' +
        '--prometheus-token-file, or none',
    );
    return own;
  }
  const { bearerTokenFile, tls } = inClusterSettings();
  return { ...own, bearerTokenFile: own.bearerTokenFile ?? bearerTokenFile, tls: { ...own.tls, ...tls } };
}
