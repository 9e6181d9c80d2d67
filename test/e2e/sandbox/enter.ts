import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';
/** The cgroup, in every hierarchy, below which those of a run's containers are. @param folder of the run */
export function cgroupName(folder: string): string {
  return `plimsoll-e2e-${basename(folder)}`;
}

/**
 * Runs a program of this project in namespaces of its own: network, mounts and processes. Its end, however it comes,
 * is the end of all that it started, of the addresses it made and of what it mounted: the kernel sees to that when
 * the first process of a process namespace is gone. That one is a shell, which collects processes that lost their
 * parents. `setpriv` ends all of it with this process, even if this one is killed.
 * @param pidFile is given the process id by which others enter the namespaces
 * @returns exit code; 128 + number of the signal if it was ended by one
 */
export function inNamespaces(script: string, words: readonly string[], pidFile: string): Promise<number> {
  const shell = ['bash', '-c', '"$@"; exit $?', 'bash'];
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--pid', '--ipc', '--uts', '--fork'],
      ...['--kill-child=KILL', '--mount-proc', ...shell, process.execPath, script, ...words],
    ],
    { stdio: 'inherit' },
  );
  // Until it is over, Ctrl-C and the like are for the run, which says so and ends. It may have heard of it by itself.
  const onward = (signal: NodeJS.Signals): void => {
    const [shell] = childrenOf(child.pid ?? 0);
    const [program] = childrenOf(Number(shell ?? 0));
    try {
      process.kill(Number(program), signal);
    } catch {
      // It has not begun, or has just ended.
      child.kill('SIGKILL');
    }
  };
  process.on('SIGINT', onward).on('SIGTERM', onward);
  const timer = setInterval(() => {
    const [first] = childrenOf(child.pid ?? 0);
    if (first === undefined) return;
    writeFileSync(pidFile, first);
    clearInterval(timer);
  }, 100);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(timer);
      process.off('SIGINT', onward).off('SIGTERM', onward);
      removeCgroups(cgroupName(dirname(pidFile)));
      resolve(code ?? (signal === 'SIGINT' ? 130 : 137));
    });
  });
}

function childrenOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((text) => text !== '');
  } catch {
    return [];
  }
}

/** Cgroups belong to the whole machine: those that a run left are empty once its processes are gone. */
function removeCgroups(name: string): void {
  const hierarchies = [CGROUPS, ...readdirSync(CGROUPS).map((name) => join(CGROUPS, name))];
  for (const hierarchy of hierarchies) {
    const folder = join(hierarchy, name);
    if (existsSync(folder)) removeFolders(folder);
  }
}

function removeFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeFolders(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // Somebody is in it.
  }
}
