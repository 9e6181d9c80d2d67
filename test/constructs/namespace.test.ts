import {
  DnsAccess,
  POD_SECURITY_EXCEPTION,
  PrivilegedNamespace,
  RestrictedNamespace,
} from '../../constructs';
import { inventory, only } from './render';

const LABEL = 'pod-security.kubernetes.io';

describe.each([
  [
    'a restricted namespace',
    'restricted',
    inventory((chart) => new RestrictedNamespace(chart, 'n', { name: 'a', podSecurity: '1.36' })),
  ],
  [
    'a privileged namespace',
    'privileged',
    inventory(
      (chart) =>
        new PrivilegedNamespace(chart, 'n', { name: 'a', podSecurity: '1.36', reason: 'reads /proc' }),
    ),
  ],
])('%s', (_, level, objects) => {
  it('names its Pod Security level and the version of it, in every mode', () => {
    expect(only(objects.namespaces).metadata.labels).toEqual({
      [`${LABEL}/enforce`]: level,
      [`${LABEL}/enforce-version`]: 'v1.36',
      [`${LABEL}/audit`]: level,
      [`${LABEL}/audit-version`]: 'v1.36',
      [`${LABEL}/warn`]: level,
      [`${LABEL}/warn-version`]: 'v1.36',
    });
  });

  it('denies all traffic by default', () => {
    expect(only(objects.networkPolicies)).toMatchObject({
      metadata: { namespace: 'a' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  });

  it('says why only if there is something to say', () => {
    const { annotations } = only(objects.namespaces).metadata;
    expect(annotations).toEqual(
      level === 'privileged' ? { [POD_SECURITY_EXCEPTION]: 'reads /proc' } : undefined,
    );
  });
});

describe('access to DNS', () => {
  const peer = (servers?: 'kube-dns' | 'any-of-kube-system') => {
    const { networkPolicies } = inventory(
      (chart) => new DnsAccess(chart, 'd', { namespace: 'a', ...(servers && { servers }) }),
    );
    return only(only(networkPolicies).spec.egress?.[0]?.to ?? []);
  };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } };

  it('is access to the pods with the usual label', () => {
    expect(peer()).toEqual({ namespaceSelector, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } });
  });

  it('may be access to every pod of kube-system, and of no other namespace', () => {
    expect(peer('any-of-kube-system')).toEqual({ namespaceSelector, podSelector: {} });
  });
});
