import { messageOf, UsageError } from '../../core/errors';
import { startLoadTest } from './load-test';

const EXIT = { failed: 1, usage: 2 } as const;

async function main(): Promise<void> {
  const load = startLoadTest(process.argv.slice(2), process.env);
  process.on('SIGTERM', () => load.stop());
  process.on('SIGINT', () => load.stop());
  process.exitCode = await load.done;
}

main().catch((error: unknown) => {
  process.stderr.write(`load-test: ${messageOf(error)}\n`);
  process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.failed;
});
