/**
 * The answer of `/version`, as `version.Info` of `k8s.io/apimachinery` has it; what is not known of a bundle is empty.
 * @param version such as `0.1.0`
 */
export function versionInfo(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return JSON.stringify({
    ...{ major, minor, gitVersion: `v${version}`, gitCommit: '', gitTreeState: '', buildDate: '' },
    ...{
      goVersion: '',
      compiler: `node ${process.version}`,
      platform: `${process.platform}/${process.arch}`,
    },
  });
}
