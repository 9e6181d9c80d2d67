/**
 * The direction of imports. core ← apps, constructs, synth, rehearsal, report ← stacks ← cli;
 * siblings never import each other: what two of them need belongs in core.
 */
const siblings = ['apps', 'constructs', 'synth', 'rehearsal', 'report'];

/** @param {string} folder @param {string[]} allowed */
const only = (folder, allowed) => ({
  name: `${folder}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: '^(core|apps|constructs|synth|rehearsal|report|stacks|cli|test)/',
    pathNot: `^(${[folder, ...allowed].join('|')})/`,
  },
});

/** Inside the model of the autoscaler, each folder and what it may use besides `time.ts`. */
const hpaLayers = {
  config: [],
  admission: ['config'],
  controller: ['config', 'admission'],
  recording: ['config', 'admission', 'controller'],
};

/** Inside PromQL, each folder and what it may use besides the files at its top. */
const promqlLayers = {
  language: [],
  storage: ['language'],
  engine: ['language', 'storage'],
};

/** Inside core, each folder and what it may use. */
const coreLayers = {
  kube: [],
  model: ['kube'],
  promql: ['kube'],
  rules: ['kube', 'promql'],
  hpa: ['kube', 'model'],
  keda: ['kube', 'model', 'promql'],
  adapter: ['kube', 'model', 'promql', 'rules'],
  promqltest: ['kube', 'promql'],
  yaml: ['kube'],
  'rule-check': ['kube', 'promql', 'rules', 'yaml'],
  'rule-explain': ['kube', 'promql', 'promqltest', 'rules', 'adapter'],
  'rule-test': ['kube', 'promql', 'promqltest', 'rules', 'adapter', 'rule-explain', 'yaml'],
  operator: ['kube', 'model'],
  workloads: ['kube', 'model'],
  chain: ['kube', 'model', 'promql', 'rules', 'adapter', 'operator', 'workloads'],
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '(^stacks/(main|pulumi/index)\\.ts$|^constructs/clusters/policies/index\\.ts$|\\.d\\.ts$|^(test|scripts)/|^[^/]+$)',
      },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      // What is compiled to build/ need not be there yet.
      to: { couldNotResolve: true, pathNot: '(^|/)build/' },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: { pathNot: '^(test|scripts)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-door-to-the-kubernetes-level',
      severity: 'error',
      from: { pathNot: '^constructs/kubernetes\\.ts$' },
      to: { path: 'node_modules/cdk8s-plus-' },
    },
    {
      name: 'core-stays-pure',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-knows-cdk8s-by-type-only',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: 'node_modules/(cdk8s|constructs)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cloud-sdks-in-clusters-alone',
      severity: 'error',
      from: {
        path: '^(core|apps|constructs|synth|rehearsal|report|stacks|cli)/',
        pathNot: '^(constructs/clusters|stacks/pulumi)/',
      },
      to: { path: 'node_modules/@pulumi/' },
    },
    {
      name: 'stacks-know-pulumi-in-their-entry-point-alone',
      severity: 'error',
      from: { path: '^stacks/', pathNot: '^stacks/pulumi/index\\.ts$' },
      to: { path: 'node_modules/@pulumi/' },
    },
    {
      name: 'eks-in-one-module',
      severity: 'error',
      from: { pathNot: '^constructs/clusters/eks/cluster\\.ts$' },
      to: { path: 'node_modules/@pulumi/eks/' },
    },
    {
      name: 'cloud-sdks-by-submodule',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/@pulumi/(aws|azure-native)/index\\.' },
    },
    {
      name: 'constructs-know-nothing-of-clusters',
      severity: 'error',
      from: { path: '^constructs/[^/]+\\.ts$' },
      to: { path: '^constructs/clusters/' },
    },
    {
      name: 'clusters-know-nothing-of-cdk8s',
      severity: 'error',
      from: { path: '^constructs/clusters/' },
      to: { path: '^constructs/[^/]+\\.ts$|node_modules/(cdk8s|constructs)' },
    },
    {
      name: 'pulumi-in-one-entry-point',
      severity: 'error',
      from: { path: '^(stacks|cli)/', pathNot: '^stacks/pulumi/' },
      to: { path: '^(constructs/clusters|stacks/pulumi)/' },
    },
    only('core', []),
    ...siblings.map((folder) => only(folder, ['core'])),
    only('stacks', ['core', ...siblings]),
    only('cli', ['core', ...siblings, 'stacks']),
    ...Object.entries(hpaLayers).map(([folder, allowed]) => ({
      name: `core-hpa-${folder}`,
      severity: 'error',
      from: { path: `^core/hpa/${folder}/` },
      to: { path: '^core/hpa/', pathNot: `^core/hpa/(time\\.ts$|(${[folder, ...allowed].join('|')})/)` },
    })),
    ...Object.entries(promqlLayers).map(([folder, allowed]) => ({
      name: `core-promql-${folder}`,
      severity: 'error',
      from: { path: `^core/promql/${folder}/` },
      to: { path: '^core/promql/[^/]+/', pathNot: `^core/promql/(${[folder, ...allowed].join('|')})/` },
    })),
    ...Object.entries(coreLayers).map(([folder, allowed]) => ({
      name: `core-${folder}`,
      severity: 'error',
      from: { path: `^core/${folder}/` },
      to: {
        path: '^core/',
        pathNot: `^core/((errors|did-you-mean|own-value|short-list)\\.ts$|(${[folder, ...allowed].join('|')})/)`,
      },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|dist)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
