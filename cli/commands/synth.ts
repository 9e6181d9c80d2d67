import { z } from 'zod';
import type { Io } from '../io';
import { writeStack } from '../stack-output';
import { stackSource } from '../subject';
import { outputOption, readOptions, stackOptions } from './read-options';

const synthOptions = z.object({ ...stackOptions, ...outputOption });

/** `plimsoll synth STACK` */
export function synth(stackName = '', options: unknown, { stdout }: Io): number {
  const { set, output } = readOptions(synthOptions, options);
  for (const path of writeStack(output, stackSource(stackName, set))) stdout.write(`${path}\n`);
  return 0;
}
