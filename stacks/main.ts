import { messageOf } from '../core/errors';
import { manifestFiles, readImageLock, synthesize, writeFiles } from '../synth';
import { parseOptions, stacks } from '.';

/** The program that cdk8s-cli runs: every stack with its defaults, a folder each. */
function main(): void {
  const folder = process.env['CDK8S_OUTDIR'] ?? 'dist/manifests';
  const lock = readImageLock();
  const files = stacks.map((definition) => {
    const stack = definition.define(parseOptions(definition, []));
    return manifestFiles(stack.name, synthesize(stack), lock);
  });
  for (const manifests of files) writeFiles(folder, manifests);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
