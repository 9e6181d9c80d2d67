import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Reads what was begun and what has ended, line by line, and ends and removes the rest once nobody writes any more.
 * That holds however the writer ends: by itself, by Ctrl-C, or killed.
 */
const SCRIPT = `
begun=
while read -r word what; do
  case $word in
    begin) begun="$begun
$what" ;;
    end) begun=$(printf '%s\\n' "$begun" | grep -vxF "$what") ;;
  esac
done
printf '%s\\n' "$begun" | while read -r kind what; do
  case $kind in process) kill -KILL "$what" ;; esac
done
sleep 0.2
printf '%s\\n' "$begun" | while read -r kind what; do
  case $kind in folder) rm -rf -- "$what" ;; esac
done`;

let running: ReturnType<typeof startWarden> | undefined;

/** Sees to it that a process ends with this one. */
export function guardProcess(pid: number): void {
  tell(`begin process ${pid}`);
}

/** Says that a process has ended: its number may be another's from now on. */
export function releaseProcess(pid: number): void {
  tell(`end process ${pid}`);
}

/** A new folder that is removed with this process, if not before. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `plimsoll-${purpose}-`));
  tell(`begin folder ${folder}`);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  tell(`end folder ${folder}`);
}

function tell(line: string): void {
  running ??= startWarden();
  running.write(`${line}\n`);
}

function startWarden() {
  // In a session of its own, where Ctrl-C does not reach it.
  const child = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  const { stdin } = child;
  // A pipe keeps no program from ending, once it has nothing to write.
  if (stdin instanceof Socket) stdin.unref();
  return stdin;
}
