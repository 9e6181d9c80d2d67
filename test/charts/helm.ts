import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { parseObject, type KubeObject } from '../../core/kube/object';
import type { HelmRelease } from '../../core/model';

/** Built once, then kept: a cold build takes minutes. */
const HELM = join(__dirname, '../../node_modules/.cache/plimsoll/helm');

/** Helm's own command line, built from its Go module. */
function helm(args: readonly string[]): string {
  if (!existsSync(HELM)) {
    mkdirSync(join(HELM, '..'), { recursive: true });
    execFileSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', HELM, 'helm.sh/helm/v3/cmd/helm'], {
      cwd: __dirname,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return execFileSync(HELM, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

/** The objects that a release's chart renders with the release's values. */
export function render(release: HelmRelease, chartFolder: string, kubernetes: string): readonly KubeObject[] {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-chart-'));
  try {
    const values = join(folder, 'values.json');
    writeFileSync(values, JSON.stringify(release.values));
    const text = helm([
      ...['template', release.name, chartFolder, '--namespace', release.namespace],
      ...['--values', values, '--kube-version', kubernetes],
    ]);
    return parseAllDocuments(text)
      .map((document) => document.toJS() as unknown)
      .filter((value) => value !== null)
      .map((value) => parseObject(value, `chart ${release.chart}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
