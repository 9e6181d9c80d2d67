import type { ClusterDescriptor } from '../../core/model';
import { command } from '../shell';

const OLDEST_HELM = '3.14';

/** kubectl works with API servers one minor away. */
export function kubectlTool({ kubernetes }: ClusterDescriptor): string {
  const [major = '', minor = ''] = kubernetes.split('.');
  return command('need', 'kubectl', `${major}.${Number(minor) - 1}`, 'kubectl', 'version', '--client');
}

export function helmTool(): string {
  return command('need', 'helm', OLDEST_HELM, 'helm', 'version', '--short');
}
