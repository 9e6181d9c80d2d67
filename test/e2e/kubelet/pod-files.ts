import type { ClusterAccess } from '../contracts';
import type { Pod } from './pod';

/** `/etc/hosts` of a pod (`pkg/kubelet/kubelet_pods.go`). */
export function hostsFile({ metadata, spec }: Pod, hostname: string, podIP: string, domain: string): string {
  const full =
    spec.subdomain === '' ? '' : `${hostname}.${spec.subdomain}.${metadata.namespace}.svc.${domain}\t`;
  return [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    `${podIP}\t${full}${hostname}`,
    ...spec.hostAliases.map(({ ip, hostnames }) => `${ip}\t${hostnames.join('\t')}`),
    '',
  ].join('\n');
}

/**
 * `/etc/resolv.conf` of a pod. A node has no other name server than the cluster's.
 */
export function resolvFile({ metadata, spec }: Pod, { dnsAddress, dnsDomain }: ClusterAccess): string {
  const { dnsPolicy, dnsConfig, hostNetwork } = spec;
  const cluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  const searches = cluster ? [`${metadata.namespace}.svc.${dnsDomain}`, `svc.${dnsDomain}`, dnsDomain] : [];
  const nameservers = dnsPolicy === 'None' ? [] : [dnsAddress];
  const options = new Map<string, string | undefined>(cluster ? [['ndots', '5']] : []);
  for (const { name, value } of dnsConfig.options) options.set(name, value);
  const optionTexts = [...options].map(([name, value]) => (value === undefined ? name : `${name}:${value}`));
  const search = [...new Set([...searches, ...dnsConfig.searches])];
  return [
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
    ...new Set([...nameservers, ...dnsConfig.nameservers].map((address) => `nameserver ${address}`)),
    ...(optionTexts.length === 0 ? [] : [`options ${optionTexts.join(' ')}`]),
    '',
  ].join('\n');
}
