import { checkObjects } from '../../../core/check';
import { TEST_CLUSTER } from '../../support/cluster';
import { chain, summary } from './fixture';

const RESTRICTED = `
securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
containers:
  - name: hey
    image: plimsoll/load-test:1.0.0
    command: [hey]
    args: ['-m', POST, '-n', '200', '-c', '2', 'http://backend.shop.svc/echo']
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }`;

/** A Job and a CronJob of one pod. */
function jobs(pod: string, labels = '{ app: load }', policy = 'Never'): string {
  const spec = `restartPolicy: ${policy}${pod}`;
  const template = (indent: string) =>
    `template:\n  metadata: { labels: ${labels} }\n  spec:\n    ${spec.replaceAll('\n', '\n    ')}`.replaceAll(
      '\n',
      `\n${indent}`,
    );
  return `apiVersion: batch/v1
kind: Job
metadata: { name: once, namespace: shop }
spec:
  ${template('  ')}
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: often, namespace: shop }
spec:
  schedule: '0 0 1 1 *'
  suspend: true
  jobTemplate:
    spec:
      ${template('      ')}
`;
}

const check = (yaml: string) => summary(checkObjects(chain([], yaml), TEST_CLUSTER));
const both = (severity: string, id: string) => [
  `${severity} ${id} Job shop/once`,
  `${severity} ${id} CronJob shop/often`,
];

describe('pods of Jobs and CronJobs', () => {
  it('are in order where everything is', () => {
    expect(check(jobs(RESTRICTED))).toEqual([]);
  });

  it.each([
    [
      'their Pod Security level',
      RESTRICTED.replace('runAsNonRoot: true, ', ''),
      both('error', 'pod-security-violation'),
    ],
    ['their images', RESTRICTED.replace(':1.0.0', ''), both('warning', 'unpinned-image')],
    [
      'what they refer to',
      `${RESTRICTED}\nvolumes: [{ name: files, configMap: { name: gone } }]`,
      both('error', 'missing-reference'),
    ],
    [
      'the arguments of their programs',
      RESTRICTED.replace("'200', '-c', '2'", "'2', '-c', '200'"),
      both('error', 'program-misconfigured'),
    ],
    [
      'programs that are not understood',
      RESTRICTED.replace("'-n'", "'-h2', '-n'"),
      both('info', 'program-not-understood'),
    ],
    [
      'what they call',
      RESTRICTED.replace('backend.shop', 'backen.shop'),
      both('error', 'call-target-missing'),
    ],
    [
      'what they request',
      RESTRICTED.replace('command:', "resources: { requests: { cpu: '1000' } }\n    command:"),
      both('error', 'unschedulable'),
    ],
  ])('are checked for %s', (_, pod, expected) => {
    expect(check(jobs(pod)).sort()).toEqual([...expected].sort());
  });

  it('are held against network policies', () => {
    // The backend lets pods with the label of the load through, and POSTs of theirs.
    const blocked = 'error hop-blocked CiliumNetworkPolicy shop/backend';
    expect(check(jobs(RESTRICTED, '{ app: other }'))).toEqual([blocked, blocked]);
    expect(check(jobs(RESTRICTED.replace("'-m', POST, ", '')))).toEqual([blocked, blocked]);
  });

  it('cannot always be restarted', () => {
    expect(check(jobs(RESTRICTED, undefined, 'Always'))).toEqual(both('error', 'unreadable-object'));
  });
});
