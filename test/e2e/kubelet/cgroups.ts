import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../core/errors';

/** What processes have used. */
export interface Usage {
  readonly cpuSeconds: number;
  /** Without what the kernel gives back at once when memory is short: inactive parts of files. */
  readonly workingSetBytes: number;
}

const MOUNTS = '/proc/self/mountinfo';

/**
 * Control groups of containers, of version 1 or 2, whichever this machine uses for processors and memory; without
 * either of them pods run without limits.
 */
export class Cgroups {
  private constructor(
    /** `/name`: of a group below which those of containers are. */
    readonly parent: string,
    private readonly version: 1 | 2 | undefined,
    private readonly folders: { readonly cpu: string; readonly memory: string },
    /** Why there are no limits. */
    readonly problem: string | undefined,
  ) {}

  /** @param name of the group of this run */
  static find(name: string): Cgroups {
    const parent = `/${name}`;
    const text = readFileSync(MOUNTS, 'utf8');
    const [cpu, memory] = [controllerFolder(text, 'cpuacct'), controllerFolder(text, 'memory')];
    try {
      if (cpu !== undefined && memory !== undefined) {
        for (const folder of [cpu, memory]) mkdirSync(join(folder, parent), { recursive: true });
        return new Cgroups(parent, 1, { cpu, memory }, undefined);
      }
      const root = '/sys/fs/cgroup';
      // Every group on the way has to hand the controllers on.
      for (const folder of [root, join(root, parent)]) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'cgroup.subtree_control'), '+cpu +memory +pids');
      }
      return new Cgroups(parent, 2, { cpu: root, memory: root }, undefined);
    } catch (error) {
      return new Cgroups(parent, undefined, { cpu: '', memory: '' }, messageOf(error));
    }
  }

  get usable(): boolean {
    return this.version !== undefined;
  }

  get unified(): boolean {
    return this.version !== 1;
  }

  /**
   * What a container has used since it started.
   * @param path of its group
   * @param pid of its first process; asked for if there are no groups
   * @returns undefined if it is gone
   */
  usage(path: string, pid: number): Usage | undefined {
    try {
      if (this.version === 1) return this.usage1(path);
      if (this.version === 2) return this.usage2(path);
      return processUsage(pid);
    } catch {
      return undefined;
    }
  }

  /** Whether the kernel has killed something in the group for want of memory. */
  outOfMemory(path: string): boolean {
    const file = this.version === 1 ? 'memory.oom_control' : 'memory.events';
    try {
      const text = readFileSync(join(this.folders.memory, path, file), 'utf8');
      return (numberAfter(text, 'oom_kill') ?? 0) > 0;
    } catch {
      return false;
    }
  }

  /** Removes what is left of all groups of this run. */
  remove(): void {
    for (const folder of controllerFolders(readFileSync(MOUNTS, 'utf8'))) {
      removeGroup(join(folder, this.parent));
    }
  }

  private usage1(path: string): Usage {
    const [cpu, memory] = [join(this.folders.cpu, path), join(this.folders.memory, path)];
    return {
      cpuSeconds: Number(readFileSync(join(cpu, 'cpuacct.usage'), 'utf8')) / 1e9,
      workingSetBytes: workingSet(memory, 'memory.usage_in_bytes', 'total_inactive_file'),
    };
  }

  private usage2(path: string): Usage {
    const folder = join(this.folders.cpu, path);
    const microseconds = numberAfter(readFileSync(join(folder, 'cpu.stat'), 'utf8'), 'usage_usec') ?? 0;
    return {
      cpuSeconds: microseconds / 1e6,
      workingSetBytes: workingSet(folder, 'memory.current', 'inactive_file'),
    };
  }
}

function workingSet(folder: string, usageFile: string, inactive: string): number {
  const usage = Number(readFileSync(join(folder, usageFile), 'utf8'));
  const spare = numberAfter(readFileSync(join(folder, 'memory.stat'), 'utf8'), inactive) ?? 0;
  return Math.max(0, usage - spare);
}

/** The sum over all processes that share the first one's PID namespace. */
function processUsage(pid: number): Usage | undefined {
  const namespace = namespaceOf(pid);
  if (namespace === undefined) return undefined;
  const ticksPerSecond = 100;
  const pageBytes = 4096;
  let [ticks, pages] = [0, 0];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || namespaceOf(Number(name)) !== namespace) continue;
    try {
      // Behind the name, which may hold anything.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      // utime, stime, and those of children that were waited for.
      for (const index of [11, 12, 13, 14]) ticks += Number(fields[index] ?? 0);
      pages += Number(fields[21] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return { cpuSeconds: ticks / ticksPerSecond, workingSetBytes: pages * pageBytes };
}

/** The PID namespace of a process, which tells containers apart. */
function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** Where a controller of version 1 is mounted. */
function controllerFolder(mounts: string, controller: string): string | undefined {
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    if (type === 'cgroup' && options.split(',').includes(controller)) return before.split(' ')[4];
  }
  return undefined;
}

function controllerFolders(mounts: string): readonly string[] {
  return mounts.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const folder = before.split(' ')[4];
    return after.startsWith('cgroup') && folder !== undefined ? [folder] : [];
  });
}

/** Groups without processes: their files go with them. */
function removeGroup(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // Somebody is in it: whoever ends them may remove it.
  }
}

function numberAfter(text: string, name: string): number | undefined {
  const match = new RegExp(`^${name} (\\d+)$`, 'm').exec(text);
  return match ? Number(match[1]) : undefined;
}
