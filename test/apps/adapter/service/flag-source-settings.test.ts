import { flagSourceSettings } from '../../../../apps/adapter/service/flag-source-settings';
import { parseAdapterArgs } from '../../../../core/adapter';

const POD = '/var/run/secrets/kubernetes.io/serviceaccount';

const ignore = () => undefined;
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function settings(...args: readonly string[]) {
  const warnings: string[] = [];
  const logger = { ...SILENT, warn: (text: string) => void warnings.push(text) };
  const flags = parseAdapterArgs(['--config=c', '--prometheus-url=http://p', ...args]);
  const { bearerTokenFile, tls } = flagSourceSettings(flags, logger);
  return { bearerTokenFile, caFile: tls.caFile, warnings };
}

test('the credentials of the flags are those that upstream sends', () => {
  const none = { bearerTokenFile: undefined, caFile: undefined, warnings: [] };
  expect(settings()).toEqual(none);
  expect(settings('--prometheus-auth-incluster')).toEqual({
    ...{ bearerTokenFile: `${POD}/token`, caFile: `${POD}/ca.crt`, warnings: [] },
  });
  expect(settings('--prometheus-auth-incluster', '--prometheus-token-file=/t')).toEqual({
    ...{ bearerTokenFile: '/t', caFile: `${POD}/ca.crt`, warnings: [] },
  });
});

test('with an authority of its own the pod has no credentials for it, which is told', () => {
  const own = ['--prometheus-ca-file=/ca', '--prometheus-auth-incluster'];
  const warnings = [expect.stringMatching(/^--prometheus-auth-incluster has no effect: /) as string];
  expect(settings(...own)).toEqual({ bearerTokenFile: undefined, caFile: '/ca', warnings });
  expect(settings(...own, '--prometheus-token-file=/t')).toEqual({
    ...{ bearerTokenFile: '/t', caFile: '/ca', warnings },
  });
});

test('upstream has no proxy with --prometheus-ca-file, and one with everything else', () => {
  const withoutProxy = (...args: readonly string[]) =>
    flagSourceSettings(parseAdapterArgs(['--config=c', '--prometheus-url=http://p', ...args]), SILENT)
      .withoutProxy;
  expect(withoutProxy('--prometheus-ca-file=/ca')).toBe(true);
  expect(withoutProxy('--prometheus-ca-file=/ca', '--prometheus-auth-config=/kubeconfig')).toBe(true);
  for (const flag of ['auth-incluster', 'auth-config=/kubeconfig', 'token-file=/t']) {
    expect(withoutProxy(`--prometheus-${flag}`)).toBeUndefined();
  }
});
