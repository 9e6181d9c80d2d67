import { Command, CommanderError } from 'commander';
import { messageOf, UsageError } from '../core/errors';
import { ReaderGone, widthOf, type Io } from './io';

/** Runs a command with its argument and options, as commander read them; gives the exit code. */
type Run<A = string | undefined> = (argument: A, options: unknown, io: Io) => number | Promise<number>;

/**
 * The command line.
 *
 * @param words what follows the program's name
 * @returns the exit code: 0 if all is well, 1 if an expectation is missed or a link of the chain broken, 2 if the
 *   input cannot be used
 */
export async function main(words: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ReaderGone) return 0;
    io.stderr.write(errorText(error, io));
    return 2;
  }
}

function errorText(error: unknown, { env }: Io): string {
  if (env['PLIMSOLL_DEBUG'] && error instanceof Error) return `${error.stack ?? error.message}\n`;
  if (error instanceof UsageError) return `plimsoll: ${error.message}\n`;
  return `plimsoll: unexpected error: ${messageOf(error)} (PLIMSOLL_DEBUG=1 shows where)\n`;
}

function createProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('plimsoll')
    .description(
      'Custom-metric autoscaling for Kubernetes: typed stacks, checked and rehearsed before they are deployed.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => widthOf(io.stdout, io),
      getErrHelpWidth: () => widthOf(io.stderr, io),
    })
    .showHelpAfterError('(--help says more)');
  // Each command is loaded when it runs: help must not wait for libraries that it does not need.
  const run =
    <A = string | undefined>(load: () => Promise<Run<A>>) =>
    async (argument: A, options: unknown): Promise<void> => {
      done(await (await load())(argument, options, io));
    };
  addList(
    program,
    run(async () => (await import('./commands/list.js')).list),
  );
  addSynth(
    program,
    run(async () => (await import('./commands/synth.js')).synth),
  );
  addCheck(
    program,
    run(async () => (await import('./commands/check.js')).check),
  );
  addRehearse(
    program,
    run(async () => (await import('./commands/rehearse.js')).rehearse),
  );
  addHpa(
    program,
    run(async () => (await import('./commands/hpa-replay.js')).hpaReplay),
    run(async () => (await import('./commands/hpa-compare.js')).hpaCompare),
  );
  addRules(
    program,
    run(async () => (await import('./commands/rules-check.js')).rulesCheck),
    run(async () => (await import('./commands/rules-explain.js')).rulesExplain),
    run(async () => (await import('./commands/rules-test.js')).rulesTest),
    run(async () => (await import('./commands/rules-default.js')).rulesDefault),
    run(async () => (await import('./commands/rules-schema.js')).rulesSchema),
  );
  addPromql(
    program,
    run(async () => (await import('./commands/promql-test.js')).promqlTest),
  );
  return program;
}

type Action<A = string | undefined> = (argument: A, options: unknown) => Promise<void>;

function addList(program: Command, action: Action): void {
  program
    .command('list')
    .description('Show the stacks and their options.')
    .option('--json', 'as JSON')
    .action((options: unknown) => action(undefined, options));
}

function addSynth(program: Command, action: Action): void {
  const command = program
    .command('synth')
    .description('Write the manifests, values, scenario and scripts of a stack.')
    .argument('<stack>', 'name of the stack');
  withStackOptions(command);
  withOutput(command);
  withGitOps(command);
  withExamples(command, [
    ['plimsoll synth kind', 'with its defaults, to dist/'],
    ['plimsoll synth kind --set target2=20', 'with one option changed'],
    ['plimsoll synth kind --gitops ../fleet', 'for Flux, into a working copy of its repository'],
    ['plimsoll synth kind --gitops ../fleet --suspend load', 'without the load until somebody resumes it'],
  ]).action(action);
}

function withGitOps(command: Command): void {
  command
    .option('--gitops <dir>', 'write a tree for Flux into this working copy of a Git repository instead')
    .option('--gitops-path <path>', 'folder of the repository that Flux reads (default: "clusters/STACK")')
    .option('--suspend <stage>', 'stage that Flux applies only when it is resumed; repeatable', collect)
    .option('--ignore <object>', 'KIND/NAMESPACE/NAME that Flux leaves alone; repeatable', collect)
    .option('--existing-release <name>', 'Helm release that somebody else installed; repeatable', collect)
    .option('--git-url <url>', 'repository, for a cluster whose Flux does not read it yet')
    .option('--git-branch <branch>', 'branch of it (default: "main")')
    .option('--oci-url <url>', 'OCI artifact that holds the tree, instead of a Git repository')
    .option('--oci-tag <tag>', 'tag of it (default: "latest")')
    .option('--source-secret <name>', 'Secret of flux-system with credentials for the one or the other')
    .option('--image-policies', 'let Flux commit newer versions of the images that this project builds')
    .option(
      '--image-range <image=range>',
      'versions that are wanted of one, such as 1.x; repeatable',
      collect,
    );
}

function addCheck(program: Command, action: Action): void {
  const command = program
    .command('check')
    .description('Check the chain from metric to autoscaler, link by link, of a stack or of any manifests.')
    .argument('[stack]', 'name of the stack');
  withStackOptions(command);
  withManifests(command, 'scenario that says what the cluster is like and what charts provide');
  command.option('--json', 'findings as JSON');
  withExamples(command, [
    ['plimsoll check kind', 'exit code 1 if a link is broken'],
    ['plimsoll check --manifests deploy --manifests monitoring', 'the manifests of two folders together'],
  ]).action(action);
}

function addRehearse(program: Command, action: Action): void {
  const command = program
    .command('rehearse')
    .description('Play a stack, or any manifests, through a scenario in virtual time.')
    .argument('[stack]', 'name of the stack')
    .option('--all', 'every stack as it is, in one line each');
  withStackOptions(command);
  withManifests(command, 'scenario to play, needed with --manifests');
  command
    .option('--until <duration>', 'virtual time to rehearse, such as 30m')
    .option(
      '--load <name=rate>',
      'requests a second that a load generator sends, from the start; repeatable',
      collect,
    )
    .option('--seed <number>', 'seed of everything random')
    .option('--no-noise', 'spread connections evenly instead of at random')
    .option('--unproven', 'accept Kubernetes versions whose autoscaler the model was never compared with')
    .option('--json', 'the timeline as JSON');
  withOutput(command);
  withExamples(command, [
    ['plimsoll rehearse kind', 'exit code 1 if an expectation is missed'],
    ['plimsoll rehearse kind --until 30m --load load-test-1=80', 'longer, under more load'],
    ['plimsoll rehearse --manifests deploy --scenario scenario.yaml', 'manifests that come from elsewhere'],
  ]).action(action);
}

function addHpa(program: Command, replay: Action, compare: Action): void {
  const hpa = program
    .command('hpa')
    .description('Run the model of the HorizontalPodAutoscaler controller over recorded inputs.');
  const replaying = hpa
    .command('replay')
    .description('Write recordings again with the outcomes that the model gives them.');
  withRecordings(replaying).option('--text', 'say in words what happens at each sync');
  withExamples(replaying, [
    ['plimsoll hpa replay recordings.jsonl > replayed.jsonl', 'one recording a line, in and out'],
    ['plimsoll hpa replay --text docs/hpa/spike.jsonl', 'for people'],
  ]).action(replay);
  const comparing = hpa
    .command('compare')
    .description('Hold the outcomes in recordings of a real controller against those of the model.');
  withRecordings(comparing).option('--json', 'differences as JSON, one a line');
  withExamples(comparing, [['plimsoll hpa compare recordings.jsonl', 'exit code 1 if any differ']]).action(
    compare,
  );
}

function addRules(
  program: Command,
  check: Action,
  explain: Action,
  test: Action<string[]>,
  printDefault: Action,
  printSchema: Action,
): void {
  const rules = program
    .command('rules')
    .description('Check, explain and test the rules of any prometheus-adapter, without a cluster.');
  const checking = withConfig(
    rules.command('check').description('Find what is wrong with a configuration, and what to write instead.'),
  )
    .option(
      '--scrape-interval <duration>',
      'how often Prometheus scrapes: windows of rates are held against it',
    )
    .option('--json', 'findings as JSON');
  withExamples(checking, [
    ['plimsoll rules check config.yaml', 'exit code 1 if a rule cannot work'],
    ['plimsoll rules check configmap.yaml', 'the same in a ConfigMap'],
    ['kubectl get cm adapter-config -o yaml | plimsoll rules check -', 'the one in a cluster'],
  ]).action(check);
  addExplain(rules, explain);
  const testing = withResources(
    rules
      .command('test')
      .description('Run unit tests of rules: series in, metrics and values out.')
      .argument('<file...>', 'files with tests'),
  ).option('--json', 'results as JSON');
  withExamples(testing, [['plimsoll rules test rules/*.test.yaml', 'exit code 1 if a test fails']]).action(
    test,
  );
  const printing = rules
    .command('default')
    .description(
      'Print the rules that prometheus-adapter has unless told otherwise, with numbers that mislead refused.',
    )
    .option('--label-prefix <prefix>', 'what labels that name objects begin with, such as kube_', '')
    .option('--rate-interval <duration>', 'over what counters become rates', '5m')
    .option('--upstream-only', 'nothing but what prometheus-adapter itself reads');
  withExamples(printing, [
    ['plimsoll rules default > config.yaml', 'for this adapter'],
    ['plimsoll rules default --upstream-only --rate-interval 2m', 'for any prometheus-adapter'],
  ]).action((options: unknown) => printDefault(undefined, options));
  addSchema(rules, printSchema);
}

function addExplain(rules: Command, explain: Action): void {
  const explaining = withConfig(
    rules
      .command('explain')
      .description('Tell which metrics exist and why, or what an autoscaler gets for one.'),
    '[config]',
  )
    .option('--series <file>', 'series, one a line, or what a program exports; repeatable', collect)
    .option('--interval <duration>', 'time between two values of a series (default: "1m")')
    .option('--at <duration>', 'time since the first value (default: the last one)')
    .option('--label <name=value>', 'label that Prometheus gives the targets; repeatable', collect)
    .option('--prometheus <url>', 'Prometheus to ask instead')
    .option('--header <header>', 'such as "Authorization: Bearer …"; repeatable', collect)
    .option('--timeout <duration>', 'how long to wait for an answer (default: "30s")')
    .option('--max-age <duration>', 'how far back series are listed: the adapter\'s flag (default: "10m")')
    .option('--metric <name>', 'metric to follow from its rule to its value')
    .option('--for <target>', 'pods/NAMESPACE/NAME, pods/NAMESPACE/*, namespaces/NAME or external/NAMESPACE')
    .option('--selector <selector>', 'selector of the metric, as the autoscaler has it')
    .option(
      '--object-selector <selector>',
      "labels of the objects that an adapter looks for, as an autoscaler's pods",
    )
    .option('--adapter <url>', "Plimsoll's adapter to ask instead, with its own configuration")
    .option('--token <token>', 'bearer token for the adapter')
    .option('--token-file <file>', 'file with one')
    .option('--cert <file>', 'client certificate for the adapter')
    .option('--key <file>', 'key of the client certificate')
    .option('--ca-file <file>', "authorities of the adapter's certificate, instead of the usual ones")
    .option('--server-name <name>', "name in the adapter's certificate, such as SERVICE.NAMESPACE.svc")
    .option('--json', 'as JSON');
  withExamples(explaining, [
    ['plimsoll rules explain config.yaml --series series.txt', 'which metrics there are'],
    ['plimsoll rules explain config.yaml --prometheus http://localhost:9090', 'the same from a server'],
    [
      'plimsoll rules explain … --metric http_requests --for pods/shop/web-1',
      'one value; exit code 1 if it is missing',
    ],
    ['plimsoll rules explain --adapter https://localhost:8443 …', 'what a running adapter makes of it'],
  ]).action(explain);
}

function addSchema(rules: Command, print: Action): void {
  const describing = rules
    .command('schema')
    .description('Print what a configuration may hold: a JSON schema, with which editors check and complete.')
    .option('--markdown', 'tables for people instead');
  withExamples(describing, [
    [
      'plimsoll rules schema > adapter.schema.json',
      'for the first line of a file: # yaml-language-server: $schema=adapter.schema.json',
    ],
  ]).action((options: unknown) => print(undefined, options));
}

function withConfig(command: Command, argument = '<config>'): Command {
  return withResources(
    command.argument(
      argument,
      'configuration of the adapter, or a ConfigMap that holds one; - is the standard input',
    ),
  );
}

function withResources(command: Command): Command {
  return command
    .option('--resource <plural.group>', 'custom resource that the cluster serves; repeatable', collect)
    .option('--crds <dir>', 'folder or file with CustomResourceDefinitions; repeatable', collect);
}

function addPromql(program: Command, test: Action<string[]>): void {
  const promql = program.command('promql').description('The query language of Prometheus.');
  const testing = promql
    .command('test')
    .description("Run test scripts in the language of Prometheus' own (load, clear, eval).")
    .argument('<file...>', 'scripts')
    .option(
      '--enable-feature <names>',
      'features of Prometheus, with commas between them; repeatable',
      collect,
    )
    .option('--json', 'every case as JSON');
  withExamples(testing, [
    ['plimsoll promql test alerts.test', 'exit code 1 if a case fails; a skipped one is no failure'],
    [
      'plimsoll promql test --enable-feature promql-experimental-functions *.test',
      'as a server with that flag',
    ],
  ]).action(test);
}

function withRecordings(command: Command): Command {
  return command
    .argument('[file]', 'recordings, one JSON object a line; - is the standard input', '-')
    .option('--unproven', 'accept Kubernetes versions that the model was never compared with');
}

function withStackOptions(command: Command): void {
  command.option('--set <key=value>', 'option of the stack (see plimsoll list); repeatable', collect);
}

function withManifests(command: Command, scenario: string): void {
  command
    .option(
      '--manifests <dir>',
      'folder or file of manifests to read instead of a stack; repeatable',
      collect,
    )
    .option('--scenario <file>', scenario);
}

function withOutput(command: Command): void {
  command.option('--output <dir>', 'folder for generated files', 'dist');
}

function withExamples(
  command: Command,
  examples: readonly (readonly [command: string, meaning: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
