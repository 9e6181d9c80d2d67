import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../node_modules/.cache/plimsoll/scanners');
const PACKAGES = {
  'kube-score': 'github.com/zegl/kube-score/cmd/kube-score',
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform',
} as const;
type Scanner = keyof typeof PACKAGES;

const built = new Set<Scanner>();

/**
 * What a scanner prints about manifests. It is built from its Go module first, at the version in go.mod; Go's own
 * cache makes that quick but for the first time.
 * @throws Error with its messages if it ends otherwise than with "no findings" (0) or "findings" (1)
 */
export function scan(scanner: Scanner, args: readonly string[], manifests: string): string {
  const binary = join(FOLDER, scanner);
  if (!built.has(scanner)) {
    mkdirSync(FOLDER, { recursive: true });
    run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', binary, PACKAGES[scanner]], '', [0]);
    built.add(scanner);
  }
  return run(binary, args, manifests, [0, 1]);
}

function run(command: string, args: readonly string[], input: string, allowed: readonly number[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: __dirname,
    env: { ...process.env, CGO_ENABLED: '0' },
    encoding: 'utf8',
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status === null || !allowed.includes(status)) {
    throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stderr}\n${stdout}`);
  }
  return stdout;
}
