import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressCommands, NETWORK_SETTINGS } from './addresses';
import { run } from './shell';

/** Gives this process' network namespace, which has to be empty, the addresses of that many nodes. */
export function makeNetwork(nodes: number): void {
  for (const [path, value] of Object.entries(NETWORK_SETTINGS)) {
    writeFileSync(join('/proc/sys/net', path), value);
  }
  for (const words of addressCommands(nodes)) run('ip', ...words);
}
