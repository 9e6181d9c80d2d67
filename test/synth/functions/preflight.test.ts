import { spawnSync } from 'node:child_process';
import { INSTALL_FUNCTIONS } from '../../../synth/functions/install';
import { PREFLIGHT_FUNCTIONS } from '../../../synth/functions/preflight';
import { script } from '../../../synth/shell';
import { kubectlWhere, type Answer } from '../remote-stubs';

/** Calls preflight functions one after the other, against a cluster with some other answers. */
function check(calls: readonly string[], ...answers: readonly Answer[]): string[] {
  const text = script([], {
    functions: { ...INSTALL_FUNCTIONS, ...PREFLIGHT_FUNCTIONS },
    body: [
      'CONTEXT=lab STACK=shop PROBLEMS=0 USED= SKIP_IMAGES=0 FLAGS_RIGHT=1',
      `kubectl() { (\n${kubectlWhere(...answers)}\n) }`,
      ...calls,
      '[ "$PROBLEMS" = 0 ] || echo "$PROBLEMS problems"',
    ],
  });
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `exec 2>&1\n${text}`, '/check.sh'], {
    encoding: 'utf8',
    cwd: '/',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => /^(ok|warning|PROBLEM|\d+ problems| {9})/.test(line));
}

/** The lines that say what stands in the way. */
const problems = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('PROBLEM')).map((line) => line.replace(/^PROBLEM +/, ''));

function versions(server: string, client = server): Answer {
  return ['*" version"', `printf 'Client Version: v${client}\\nServer Version: v${server}\\n'`];
}

describe('the version of a cluster', () => {
  const versionCheck = (...given: Parameters<typeof versions>) =>
    check(['show_cluster', 'kubernetes_is 36 28 37'], versions(...given));

  it.each([
    ['1.36.9', 'ok       Kubernetes 1.36.9, as rehearsed'],
    [
      '1.35.8-eks-1a2b',
      'warning  Kubernetes 1.35.8-eks-1a2b: rehearsed was 1.36. Describe the cluster as 1.35 and rehearse again',
    ],
    [
      '1.40.0',
      "warning  Kubernetes 1.40.0: rehearsed was 1.36, and only the autoscalers of 1.28 to 1.37 were compared with the rehearsal's",
    ],
    [
      '1.27.3',
      "warning  Kubernetes 1.27.3: rehearsed was 1.36, and only the autoscalers of 1.28 to 1.37 were compared with the rehearsal's",
    ],
  ])('%s is judged', (server, line) => {
    expect(versionCheck(server)).toEqual([line]);
  });

  it('is compared with that of kubectl, which may be one minor away', () => {
    expect(versionCheck('1.36.1', '1.35.0')).toHaveLength(1);
    expect(versionCheck('1.36.1', '1.37.0')).toHaveLength(1);
    expect(versionCheck('1.36.1', '1.34.9')[1]).toBe(
      "warning  kubectl 1.34.9 is more than one minor version away from the cluster's 1.36.1",
    );
    expect(versionCheck('1.36.1', '1.38.0')).toHaveLength(2);
  });

  it('stands in the way where it cannot be read', () => {
    expect(versionCheck('unknown')).toEqual([
      'PROBLEM  the version of the cluster cannot be read: "unknown"',
      '1 problems',
    ]);
  });
});

describe('what the control plane must have', () => {
  it.each(['client-ca-file', 'requestheader-client-ca-file'])('is %s', (key) => {
    const [text] = problems(check(['aggregation'], [`*"{.data.${key}}"`, ':']));
    expect(text).toContain(`has no ${key}: kube-apiserver runs without --${key}`);
    expect(text).toContain('--proxy-client-key-file');
  });

  it('is aggregation, which it publishes', () => {
    expect(check(['aggregation'])).toEqual(['ok       API aggregation is set up']);
    expect(problems(check(['aggregation'], ['*configmap*', 'echo Forbidden >&2; exit 1']))).toEqual([
      'whether the API server hands metrics APIs on cannot be read: Forbidden',
    ]);
  });

  it('are the API versions of the stack, each in full', () => {
    const lines = check(
      ['served v1 autoscaling/v2'],
      ['*api-versions', 'printf "%s\\n" v1 autoscaling/v2beta2'],
    );
    expect(lines).toEqual([
      'ok       v1 is served',
      'PROBLEM  the cluster does not serve autoscaling/v2, which the stack needs',
      '1 problems',
    ]);
  });

  it('is Pod Security admission, which refuses a level that does not exist', () => {
    expect(check(['pod_security'])).toEqual(['ok       Pod Security admission is on']);
    const dryRun = '*"create --dry-run=server"*';
    expect(
      problems(check(['pod_security'], [dryRun, 'echo "namespace/x created (server dry run)"'])),
    ).toEqual([expect.stringContaining('Pod Security admission is off')]);
    expect(problems(check(['pod_security'], [dryRun, 'echo "namespaces is forbidden" >&2; exit 1']))).toEqual(
      ['whether Pod Security admission is on cannot be found out: namespaces is forbidden'],
    );
  });

  it('is a tolerance of an autoscaler, which an API server without its feature gate drops', () => {
    const dryRun = '*"create --dry-run=server"*".spec.behavior.scaleUp.tolerance"*';
    expect(check(['tolerance'], [dryRun, 'echo 500m'])).toEqual([
      'ok       autoscalers may have a tolerance of their own',
    ]);
    expect(problems(check(['tolerance'], [dryRun, ':']))).toEqual([
      expect.stringContaining('enable the feature gate HPAConfigurableTolerance'),
    ]);
    expect(problems(check(['tolerance'], [dryRun, 'echo "Forbidden" >&2; exit 1']))).toEqual([
      'whether autoscalers may have a tolerance cannot be found out: Forbidden',
    ]);
  });

  it('are permissions', () => {
    expect(
      check(
        ['may create clusterroles', 'may patch clusterroles'],
        ['*"can-i patch"*', 'echo "Warning: not namespaced" >&2; echo no; exit 1'],
      ),
    ).toEqual([
      'ok       may create clusterroles',
      'PROBLEM  you may not patch clusterroles: no',
      '1 problems',
    ]);
  });
});

describe('who owns what', () => {
  it.each([
    ['', 'ok       APIService a is free'],
    ['shop/adapter', 'ok       APIService a is that of Service shop/adapter already'],
  ])('lets an APIService of "%s" be taken', (owner, line) => {
    expect(check(['api_service a shop adapter'], ['*apiservice*', `printf %s '${owner}'`])).toEqual([line]);
  });

  it.each(['monitoring/adapter', 'shop/adapter-2', '/'])('does not take an APIService of %s', (owner) => {
    const [text] = problems(check(['api_service a shop adapter'], ['*apiservice*', `echo ${owner}`]));
    expect(text).toContain(
      `APIService a belongs to Service ${owner}, and the stack would take it for shop/adapter`,
    );
    expect(text).toContain('kubectl --context lab delete apiservice a');
  });

  it.each([
    ['', 'ok       namespace shop is free'],
    ['shop plimsoll kube-controller-manager ', 'ok       namespace shop is there already, from a stack'],
  ])('lets a namespace that answers "%s" be taken', (answer, line) => {
    expect(check(['own_namespace shop'], ['*"get namespace"*', `printf %s '${answer}'`])).toEqual([line]);
  });

  it.each(['shop ', 'shop kubectl-create ', 'shop plimsoll-fork '])(
    'does not take a namespace that answers "%s"',
    (answer) => {
      const [text] = problems(check(['own_namespace shop'], ['*"get namespace"*', `printf %s '${answer}'`]));
      expect(text).toContain('namespace shop exists and no stack made it');
    },
  );
});

describe('who owns what is outside the namespaces of a stack', () => {
  const owned = (place: string, answer: string) =>
    check(
      [`own_object clusterroles.rbac.authorization.k8s.io/a ${place}`],
      ['*"get clusterroles.rbac.authorization.k8s.io/a "*', answer],
    );

  it('nobody, or a stack: it is taken', () => {
    expect(owned('-', ':')).toEqual(['ok       clusterroles.rbac.authorization.k8s.io/a is free']);
    expect(owned('ops', 'echo "a plimsoll "')).toEqual([
      'ok       clusterroles.rbac.authorization.k8s.io/a --namespace ops is there already, from a stack',
    ]);
  });

  it('somebody else: nothing is applied', () => {
    const [text] = problems(owned('-', 'echo "a helm plimsoll-2 "'));
    expect(text).toContain(
      'exists and no stack made it: the stack would change it, and delete it in the end',
    );
    expect(text).toContain('kubectl --context lab delete clusterroles.rbac.authorization.k8s.io/a');
    expect(problems(owned('-', 'echo Forbidden >&2; exit 1'))).toEqual([
      'clusterroles.rbac.authorization.k8s.io/a cannot be read: Forbidden',
    ]);
  });
});

describe('who installed a Helm release', () => {
  const MARKS = 'customresourcedefinition/a.b - deployment/op ops';
  const CRD: Answer = ['*customresourcedefinition/a.b*', 'echo crd'];
  const DEPLOYMENT: Answer = ['*"deployment/op --namespace ops"*', 'echo deployment'];
  const helm = ['helm() { echo "ok       helm $*"; }', 'TIMEOUT=1m'];
  const planned = (...answers: readonly Answer[]) =>
    check([...helm, `plan_release op ops ${MARKS}`, 'own_release op chart'], ...answers);

  it('nobody: it is installed, marked as the stack’s', () => {
    expect(planned()).toEqual([
      'ok       release op can be installed',
      'ok       helm upgrade --install --kube-context lab --create-namespace --wait --timeout 1m op chart --labels plimsoll.dev/stack=shop',
    ]);
  });

  it('the stack: it is brought up to date', () => {
    const ours: Answer = ['*"owner=helm,name=op,plimsoll.dev/stack=shop"*', 'echo secret'];
    expect(planned(ours, CRD)[0]).toBe("ok       release op is the stack's own and is brought up to date");
    expect(planned(ours, CRD)).toHaveLength(2);
  });

  it('the stack, and Helm has forgotten it: it is installed over what stayed', () => {
    const left: Answer = ['*customresourcedefinition/a.b*', 'echo "a.b ops/op"'];
    expect(planned(left)).toEqual([
      'ok       release op can be installed again, over what stayed of it: customresourcedefinition/a.b',
      expect.stringContaining('ok       helm upgrade --install'),
    ]);
    expect(problems(planned(left, ['*"owner=helm,name=op "*', 'echo secret']))).toHaveLength(1);
    expect(planned(left, DEPLOYMENT)[0]).toContain("somebody else's is there");
    expect(problems(planned(['*customresourcedefinition/a.b*', 'echo "a.b ops/op-2"']))).toHaveLength(1);
  });

  it('somebody else: what is there is used', () => {
    expect(planned(CRD, DEPLOYMENT)).toEqual([
      "warning  release op is not installed: somebody else's is there and is used as it is, whatever its version: customresourcedefinition/a.b deployment/op",
    ]);
  });

  it('somebody else, in part or elsewhere: nothing is applied', () => {
    expect(problems(planned(CRD))).toEqual([
      'release op: somebody else installed a part of it: customresourcedefinition/a.b. What is missing: deployment/op. Complete it, or remove it',
    ]);
  });

  it('somebody else under the same name: nothing is applied', () => {
    expect(problems(planned(['*"owner=helm,name=op "*', 'echo secret']))).toEqual([
      'a release op in namespace ops exists, and the stack did not install it; installing would replace it',
    ]);
  });
});

describe('room', () => {
  const nodes = (...lines: readonly string[]): Answer => [
    '*"{.status.allocatable.cpu}"*',
    `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`,
  ];

  it.each([
    [['4 8129440Ki 110 ', '3920m 16Gi 110 '], '7920 millicores, 24322 MiB and 220 pods'],
    [['2 8589934592 10 ', '1500m 2G 20 '], '3500 millicores, 10099 MiB and 30 pods'],
    [['4 1Gi 10 true', '0.5 1Ti 5 '], '500 millicores, 1048576 MiB and 5 pods'],
  ])('of %j is %s', (lines, sum) => {
    expect(check(['capacity 1 1 1'], nodes(...lines))).toEqual([
      `ok       the nodes have ${sum} to allocate; the stack requests 1 millicores, 1 MiB and 1 pods at the most, besides what runs there`,
    ]);
  });

  it.each(['4001 1 1', '1 1025 1', '1 1 11'])('is too little for %s', (wanted) => {
    expect(check([`capacity ${wanted}`], nodes('4 1Gi 10 '))[0]).toMatch(
      /^warning .*pods would stay pending$/,
    );
  });
});

describe('the platform of images', () => {
  const nodes = (body: string): Answer => ['*"{.status.nodeInfo.architecture}"*', body];

  it('is that of all nodes', () => {
    expect(check(['platform', 'fine "$PLATFORM"'])).toEqual([
      'ok       images are built for linux/arm64',
      'ok       linux/arm64',
    ]);
    expect(problems(check(['platform'], nodes('printf "linux/arm64\\nlinux/amd64\\n"')))).toEqual([
      expect.stringContaining('the nodes are of several platforms (linux/amd64 linux/arm64 )'),
    ]);
  });

  it('is guessed before there are nodes', () => {
    expect(check(['platform', 'fine "$PLATFORM"'], nodes(':'))).toEqual([
      'warning  there are no nodes yet; images are built for linux/amd64',
      'ok       linux/amd64',
    ]);
  });
});

describe('arguments of kube-controller-manager', () => {
  const NAME = 'horizontal-pod-autoscaler-sync-period';
  const flag = (value: string, ...given: readonly string[]) =>
    check(
      ['read_controller_manager', `controller_flag ${NAME} ${value} 15s`, "where_to_set 'in a file'"],
      [
        '*"component=kube-controller-manager"*',
        given.length > 0 ? `echo '${JSON.stringify(given)}'` : 'echo Forbidden >&2; exit 1',
      ],
    );

  it('are compared where they can be seen', () => {
    expect(flag('10s', 'kube-controller-manager', `--${NAME}=10s`)).toEqual([
      `ok       kube-controller-manager runs with --${NAME}=10s`,
    ]);
    expect(flag('15s', 'kube-controller-manager')).toEqual([
      `ok       kube-controller-manager leaves --${NAME} at 15s`,
    ]);
  });

  it('that differ are said, with the place to set them', () => {
    expect(flag('1s', 'kube-controller-manager', `--${NAME}=15s`)).toEqual([
      `warning  kube-controller-manager has --${NAME} set to something else than 1s, which the rehearsal counted on`,
      '         in a file',
    ]);
    expect(flag('10s', 'kube-controller-manager')).toEqual([
      `warning  kube-controller-manager runs without --${NAME}=10s, which the rehearsal counted on`,
      '         in a file',
    ]);
  });

  it('are printed where they cannot be seen', () => {
    const unseen =
      'warning  the arguments of kube-controller-manager cannot be seen from here; the rehearsal counted on those below';
    expect(flag('10s')).toEqual([unseen, `         --${NAME}=10s`, '         in a file']);
    expect(flag('15s')).toEqual([unseen, `         --${NAME}=15s`]);
  });
});

it('something that the cluster was described with may be missing', () => {
  expect(
    check(['expected service/metrics-server kube-system', 'expected service/other kube-system']),
  ).toEqual([
    'ok       service/metrics-server is there',
    'warning  service/other is missing (namespace kube-system), and the cluster was described with it',
  ]);
  expect(check(['expected apiservice/a -'])).toEqual([
    'warning  apiservice/a is missing, and the cluster was described with it',
  ]);
});

describe('the servers of DNS', () => {
  const answers = (selector: string, ...given: readonly Answer[]) =>
    check([`answers_names kube-system '${selector}'`], ...given);

  it('are pods with its port, whatever they are called', () => {
    expect(answers('k8s-app=kube-dns')).toEqual([
      'ok       names are answered by pods of kube-system with k8s-app=kube-dns',
    ]);
    expect(answers('')).toEqual(['ok       names are answered by pods of kube-system']);
  });

  it.each(['echo other 8053 530 5', 'printf "other \\n53 8080 \\n"', ':'])('are missed in: %s', (body) => {
    expect(answers('a=b', ['*"--selector a=b"*', body])).toEqual([
      'warning  no pods of kube-system with a=b have port 53, and the NetworkPolicies of the stack let its pods ask no others for names: where policies are enforced, no name can be looked up',
    ]);
  });

  it('may be hidden', () => {
    expect(answers('', ['*"get pods"*', 'echo Forbidden >&2; exit 1'])).toEqual([
      'warning  whether pods of kube-system answer names cannot be read: Forbidden',
    ]);
  });
});
