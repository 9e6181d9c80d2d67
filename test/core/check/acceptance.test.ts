import { checkObjects } from '../../../core/check';
import { acceptance } from '../../../core/check/acceptance';
import { parseObject } from '../../../core/kube/object';

const REASON = 'the team agreed on it';

/** An object of the default namespace, which is a warning. */
function findings(annotations: Readonly<Record<string, string>>, name = 'settings') {
  const object = parseObject(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', annotations } },
    'test',
  );
  return checkObjects([{ object, origin: {} }]).map(({ check, severity, message, accepted }) => ({
    check,
    severity,
    message,
    accepted,
  }));
}

describe('a finding that its object accepts', () => {
  it('is told with the reason', () => {
    expect(findings(acceptance('default-namespace', REASON))).toMatchObject([
      { check: 'default-namespace', severity: 'warning', accepted: REASON },
    ]);
  });

  it('is a finding as any other without the annotation', () => {
    expect(findings({ 'plimsoll.dev/other': REASON })).toMatchObject([
      { check: 'default-namespace', accepted: undefined },
    ]);
  });

  it('cannot be an error', () => {
    expect(findings(acceptance('invalid-name', REASON), 'No_Name')).toMatchObject([
      { check: 'invalid-name', severity: 'error', accepted: undefined },
      { check: 'default-namespace', accepted: undefined },
      {
        check: 'acceptance-unused',
        message: expect.stringContaining('an error cannot be accepted') as string,
      },
    ]);
  });

  it('needs a reason', () => {
    expect(findings(acceptance('default-namespace', ' '))).toMatchObject([
      { check: 'default-namespace', accepted: undefined },
      {
        check: 'acceptance-unused',
        message: 'annotation accept.plimsoll.dev/default-namespace gives no reason',
      },
    ]);
  });

  it.each([
    ['unpinned-image', 'annotation accept.plimsoll.dev/unpinned-image: the check finds nothing here'],
    [
      'default-namespce',
      'annotation accept.plimsoll.dev/default-namespce: there is no such check; did you mean "default-namespace"?',
    ],
  ])('has to be there: %s', (check, message) => {
    expect(findings(acceptance(check, REASON))).toContainEqual({
      check: 'acceptance-unused',
      severity: 'warning',
      message,
      accepted: undefined,
    });
  });
});
