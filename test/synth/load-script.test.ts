import type { Stack } from '../../core/model';
import { stackFiles, synthesize } from '../../synth';
import { add, shop } from './fixture';
import { addLoad, remoteShop } from './remote-fixture';
import { REMOTE_STUBS } from './remote-stubs';
import { Sandbox } from './sandbox';

/** A stack with suspended CronJobs. */
function withLoads(stack: Stack, ...names: readonly string[]): Stack {
  const [first, ...others] = stack.stages;
  if (!first) throw new Error('the fixture has stages');
  const fill: typeof first.fill = (chart) => {
    first.fill(chart);
    for (const name of names) addLoad(chart, name);
  };
  return { ...stack, stages: [{ ...first, fill }, ...others] };
}

const fileNames = (stack: Stack) => [...stackFiles(stack, synthesize(stack), { source: '.' }).keys()];

describe('load.sh', () => {
  let sandbox: Sandbox | undefined;
  const open = (stack: Stack) => {
    sandbox = new Sandbox(stack, { ...REMOTE_STUBS, date: 'echo 1700000000' });
    return sandbox;
  };
  afterEach(() => {
    sandbox?.destroy();
    sandbox = undefined;
  });

  it('is there for stacks with a CronJob that waits for somebody', () => {
    expect(fileNames(remoteShop())).toContain('shop/load.sh');
    expect(fileNames(shop)).not.toContain('shop/load.sh');
    const running = { ...shop, stages: [...shop.stages] };
    running.stages[0] = {
      name: 'namespaces',
      summary: 'runs by itself',
      fill: (chart) => {
        add(
          chart,
          'job',
          'batch/v1',
          'CronJob',
          { name: 'job', namespace: 'shop' },
          { schedule: '* * * * *' },
        );
      },
    };
    expect(fileNames(running)).not.toContain('shop/load.sh');
  });

  it('starts the only load there is, and follows it', () => {
    const { status, stdout, calls } = open(remoteShop()).run('load.sh');
    expect(status).toBe(0);
    expect(calls).toEqual([
      'kubectl config current-context',
      'date +%s',
      'kubectl --context lab create job rush-1700000000 --from cronjob/rush --namespace shop',
      'kubectl --context lab logs job/rush-1700000000 --namespace shop --follow --pod-running-timeout 10m',
      'kubectl --context lab wait --for=condition=Complete job/rush-1700000000 --namespace shop --timeout=30s',
      'kubectl --context lab get job rush-1700000000 --namespace shop',
    ]);
    expect(stdout).toContain('./watch.sh in another terminal');
    expect(stdout).toContain('kubectl --context lab delete job rush-1700000000 --namespace shop');
  });

  it('knows the cluster that the stack made', () => {
    const { calls } = open(withLoads(shop, 'rush')).run('load.sh');
    expect(calls).toContain(
      'kubectl --context kind-shop-cluster create job rush-1700000000 --from cronjob/rush --namespace shop',
    );
  });

  it('asks which of several', () => {
    const several = open(withLoads(shop, 'rush', 'trickle'));
    const { status, stderr, calls } = several.run('load.sh');
    expect({ status, stderr, calls }).toEqual({
      status: 1,
      stderr: 'load.sh: there is rush, trickle; write one of them as the argument\n',
      calls: [],
    });
    expect(several.run('load.sh', { args: ['tric'] }).status).toBe(1);
    expect(several.run('load.sh', { args: ['trickle'] }).calls[1]).toContain('--from cronjob/trickle');
  });

  it('is for a stack that is installed', () => {
    const missing = open(remoteShop());
    missing.stub('kubectl', 'case "$*" in *current-context) echo lab;; *) exit 1;; esac');
    expect(missing.run('load.sh')).toMatchObject({
      status: 1,
      stderr:
        'load.sh: the load cannot be started. Where CronJob rush is not found, install.sh did not get as far as that\n',
    });
  });

  it('ends with the Job, and fails with it', () => {
    const failing = open(remoteShop());
    failing.stub(
      'kubectl',
      `case "$*" in *current-context) echo lab;; *" wait "*) exit 1;; *describe*) echo BackoffLimitExceeded;; esac`,
    );
    const { status, stderr } = failing.run('load.sh');
    expect(status).toBe(1);
    expect(stderr).toContain('job rush-1700000000 in namespace shop did not complete: BackoffLimitExceeded');
  });

  it('shows the Job whose pod does not start', () => {
    const broken = open(remoteShop());
    broken.stub(
      'kubectl',
      `case "$*" in *current-context) echo lab;; *" logs "*) echo timeout >&2; exit 1;; *describe*) echo ImagePullBackOff;; esac`,
    );
    const { status, stderr } = broken.run('load.sh');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'the logs of job rush-1700000000 in namespace shop cannot be read: ImagePullBackOff',
    );
  });
});
