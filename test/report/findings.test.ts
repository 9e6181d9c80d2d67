import type { Finding } from '../../core/check';
import { brokenLinksText, checkSummary, findingsJson, findingsText } from '../../report';

const broken: Finding = {
  check: 'monitor-selects-service',
  severity: 'error',
  object: { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', namespace: 'shop', name: 'web' },
  constructPath: 'monitoring/web',
  message: 'no Service has a port named "metrics"',
  fix: 'set spec.ports[0].name to "metrics" on Service shop/web',
};
const plain = { color: false, width: 80 };
const checked = { autoscalers: 1 };

describe('findings', () => {
  it('name object, construct, what is wrong and what to change', () => {
    expect(findingsText([broken], checked, plain)).toBe(
      [
        'error ServiceMonitor shop/web (monitoring/web) [monitor-selects-service]',
        '  no Service has a port named "metrics"',
        '  fix: set spec.ports[0].name to "metrics" on Service shop/web',
        '',
        '1 error',
        '',
      ].join('\n'),
    );
  });

  it('are counted by severity', () => {
    const findings = [
      broken,
      broken,
      { ...broken, severity: 'warning' as const },
      { ...broken, severity: 'info' as const },
    ];
    expect(findingsText(findings, checked, plain)).toMatch(/\n2 errors, 1 warning, 1 not verified\n$/);
  });

  it('fit in a line where nothing is broken', () => {
    const warning = { ...broken, severity: 'warning' as const };
    expect(checkSummary([], checked, plain)).toBe('Every link of the chain holds.\n');
    expect(checkSummary([], { autoscalers: 0 }, plain)).toContain('there is no HorizontalPodAutoscaler');
    expect(checkSummary([warning, warning], checked, plain)).toBe(
      'No link of the chain is broken; plimsoll check tells more: 2 warnings.\n',
    );
  });

  it('that are accepted are told in a line each, with the reason, and not counted', () => {
    const accepted = { ...broken, severity: 'warning' as const, accepted: 'nobody else names a port so' };
    expect(findingsText([accepted], checked, plain)).toBe(
      [
        'accepted ServiceMonitor shop/web [monitor-selects-service]: nobody else names a',
        '         port so',
        '',
        'Every link of the chain holds.',
        '',
      ].join('\n'),
    );
    expect(findingsText([broken, accepted], checked, plain)).toMatch(/^error .*\naccepted .*\n\n1 error\n$/s);
    expect(checkSummary([accepted], checked, plain)).toBe('Every link of the chain holds.\n');
  });

  it('break long sentences under their beginning', () => {
    const text = findingsText(
      [{ ...broken, fix: 'name the port of the Service, '.repeat(4) }],
      checked,
      plain,
    );
    expect(text).toContain('\n       of the Service');
  });

  it('are good news when there are none', () => {
    expect(findingsText([], checked, plain)).toBe('Every link of the chain holds.\n');
  });

  it('do not praise a chain that is not there', () => {
    expect(findingsText([], { autoscalers: 0 }, plain)).toContain('there is no HorizontalPodAutoscaler');
  });

  it('are told without warnings before a rehearsal', () => {
    const text = brokenLinksText([broken, { ...broken, severity: 'warning' }], plain);
    expect(text).toMatch(/^error ServiceMonitor shop\/web .*\n\n1 error\n\n$/s);
    expect(text).not.toContain('warning');
  });

  it('are JSON as they are', () => {
    expect(JSON.parse(findingsJson([broken]))).toEqual([broken]);
  });
});
