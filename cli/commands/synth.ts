import { z } from 'zod';
import { UsageError } from '../../core/errors';
import type { Io } from '../io';
import { writeGitOps, writeStack } from '../stack-output';
import { stackSource } from '../subject';
import { gitOpsFields, gitOpsFlags, gitOpsOf } from './gitops-options';
import { outputOption, readOptions, stackOptions } from './read-options';

const synthOptions = z.object({
  ...stackOptions,
  ...outputOption,
  ...gitOpsFields,
  gitops: z.string().min(1, 'name a folder').optional(),
});

/** `plimsoll synth STACK` */
export function synth(stackName = '', options: unknown, { stdout }: Io): number {
  const chosen = readOptions(synthOptions, options);
  const source = stackSource(stackName, chosen.set);
  if (chosen.gitops === undefined) {
    const [flag] = gitOpsFlags(chosen);
    if (flag !== undefined) throw new UsageError(`${flag} says how Flux is to do it: name --gitops DIR too`);
    for (const path of writeStack(chosen.output, source)) stdout.write(`${path}\n`);
    return 0;
  }
  const { written, unchanged, removed } = writeGitOps(
    chosen.gitops,
    source,
    gitOpsOf(source.definition.name, chosen),
  );
  for (const path of written) stdout.write(`written    ${path}\n`);
  for (const path of unchanged) stdout.write(`unchanged  ${path}\n`);
  for (const path of removed) stdout.write(`removed    ${path}\n`);
  stdout.write(
    written.length + removed.length === 0
      ? `Nothing to write: all ${unchanged.length} files are as they should be.\n`
      : `${written.length} written, ${unchanged.length} unchanged, ${removed.length} removed.\n`,
  );
  return 0;
}
