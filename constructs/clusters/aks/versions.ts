import { minorVersion } from '../../../core/model';
import type { AksSettings } from './settings';

/** Which version AKS is asked for. */
export interface Versions {
  readonly version: string;
  /** Whether AKS goes beyond it by itself, so that it must not be asked for again. */
  readonly drifts: boolean;
}

/**
 * The described version where nobody upgrades it; `1.36` where AKS upgrades patches, as asking for 1.36.1 again would be
 * a downgrade. AKS takes the newest patch of it.
 */
export function versionsOf(
  kubernetes: string,
  { autoUpgradeChannel }: Pick<AksSettings, 'autoUpgradeChannel'>,
): Versions {
  switch (autoUpgradeChannel) {
    case 'none':
    case 'node-image':
      return { version: kubernetes, drifts: false };
    case 'patch':
      return { version: minorVersion(kubernetes), drifts: false };
    case 'stable':
    case 'rapid':
      return { version: minorVersion(kubernetes), drifts: true };
  }
}
