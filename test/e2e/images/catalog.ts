import type { ProgramName } from '../../control-plane/programs';
import { version } from '../../../package.json';
import { parseReference } from './reference';

/** Images of `apps/`. */
export const OWN_IMAGES = [
  'adapter',
  'backend',
  'cluster-metrics',
  'load-test',
  'prom-fake',
  'sample-app',
  'sportsbook-api',
  'worker',
] as const;
export type OwnImageName = (typeof OWN_IMAGES)[number];

/** What an image is made of here: the sources of this project, a program of Go, or a package of Debian. */
export type ImageSource =
  | { readonly kind: 'own'; readonly name: OwnImageName }
  | { readonly kind: 'program'; readonly name: ProgramImageName }
  | { readonly kind: 'nginx' };

interface ProgramImage {
  /** Where the image has each program. */
  readonly programs: Readonly<Partial<Record<ProgramName, string>>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  /** Folders that its user may write to. */
  readonly writable?: readonly string[];
  /** Folders of a program's source: where the image has them. */
  readonly sources?: Readonly<Record<string, string>>;
}

const NONROOT = '65532:65532';

/** Made as the Dockerfiles of these projects say, on a base with nothing but users and certificates. */
export const PROGRAM_IMAGES = {
  prometheus: {
    programs: { prometheus: '/bin/prometheus' },
    entrypoint: ['/bin/prometheus'],
    command: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
    user: 'nobody',
    workingDir: '/prometheus',
    writable: ['/prometheus', '/etc/prometheus'],
  },
  'prometheus-operator': single('prometheus-operator', '/bin/operator', '65534'),
  'prometheus-config-reloader': single(
    'prometheus-config-reloader',
    '/bin/prometheus-config-reloader',
    'nobody',
  ),
  'prometheus-adapter': single('prometheus-adapter', '/adapter', '65534'),
  'metrics-server': single('metrics-server', '/metrics-server', '65534'),
  'keda-operator': single('keda-operator', '/keda', NONROOT, [
    '--zap-log-level=info',
    '--zap-encoder=console',
  ]),
  'keda-adapter': single('keda-adapter', '/keda-adapter', NONROOT, [
    '--secure-port=6443',
    '--zap-log-level=info',
    '--zap-encoder=console',
  ]),
  'keda-webhooks': single('keda-webhooks', '/keda-admission-webhooks', NONROOT, [
    '--zap-log-level=info',
    '--zap-encoder=console',
  ]),
  podinfo: {
    programs: { podinfo: '/home/app/podinfo', podcli: '/usr/local/bin/podcli' },
    entrypoint: [],
    command: ['./podinfo'],
    user: 'app',
    workingDir: '/home/app',
    writable: ['/home/app'],
    sources: { ui: '/home/app/ui' },
  },
} as const satisfies Readonly<Record<string, ProgramImage>>;
export type ProgramImageName = keyof typeof PROGRAM_IMAGES;

interface Offer {
  /** Tags that the stacks ask for. */
  readonly tags: readonly string[];
  readonly source: ImageSource;
  /** Why what runs is not what the reference says. */
  readonly standIn?: string;
}

/** Images of others, by their repositories. */
const OFFERS: Readonly<Record<string, Offer>> = {
  'quay.io/prometheus/prometheus': { tags: ['v3.14.0'], source: program('prometheus') },
  'quay.io/prometheus-operator/prometheus-operator': {
    tags: ['v0.93.0'],
    source: program('prometheus-operator'),
  },
  'quay.io/prometheus-operator/prometheus-config-reloader': {
    tags: ['v0.93.0'],
    source: program('prometheus-config-reloader'),
  },
  'registry.k8s.io/prometheus-adapter/prometheus-adapter': {
    tags: ['v0.12.0'],
    source: program('prometheus-adapter'),
  },
  'registry.k8s.io/metrics-server/metrics-server': {
    tags: ['v0.9.0', 'v0.8.1'],
    source: program('metrics-server'),
    standIn: 'v0.9.0 for both: one build less, and the same API',
  },
  'ghcr.io/kedacore/keda': { tags: ['2.20.2'], source: program('keda-operator') },
  'ghcr.io/kedacore/keda-metrics-apiserver': { tags: ['2.20.2'], source: program('keda-adapter') },
  'ghcr.io/kedacore/keda-admission-webhooks': { tags: ['2.20.2'], source: program('keda-webhooks') },
  'ghcr.io/stefanprodan/podinfo': {
    tags: ['6.15.0'],
    source: program('podinfo'),
    standIn: '6.9.2: the newest that is published as a Go module',
  },
  'docker.io/nginxinc/nginx-unprivileged': {
    tags: ['1.30.5'],
    source: { kind: 'nginx' },
    standIn: "Debian's nginx with the settings of that image: port 8080, nothing written outside of /tmp",
  },
  'ghcr.io/fluxcd/flagger-loadtester': {
    tags: ['0.38.0'],
    source: { kind: 'own', name: 'load-test' },
    standIn: 'the own load test, which has the `hey` that the stack runs of it',
  },
};

/** Images that no pod of a run gets. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  'docker.io/grafana/grafana': 'shows what is measured and decides nothing',
  'quay.io/prometheus/node-exporter': 'measures the machine, which all nodes share',
  'registry.k8s.io/kube-state-metrics/kube-state-metrics': 'no autoscaler reads its metrics',
  'quay.io/cilium/cilium': 'needs a kernel of its own; the network and Hubble have stand-ins',
  'registry.k8s.io/coredns/coredns': 'names are answered by a server outside of the pods',
  'registry.k8s.io/pause': 'pods need no process that holds their namespaces',
};

/** @returns undefined for images that are not offered: see {@link unavailableReason} */
export function findImage(text: string): ImageSource | undefined {
  const { repository, tag, digest } = parseReference(text);
  const own = OWN_IMAGES.find((name) => `/${repository}`.endsWith(`/plimsoll/${name}`));
  if (own !== undefined) return fits([version], tag, digest) ? { kind: 'own', name: own } : undefined;
  const offer = OFFERS[repository];
  return offer !== undefined && fits(offer.tags, tag, digest) ? offer.source : undefined;
}

/** Why a run has no such image, or something else for it; undefined if it has that very image. */
export function unavailableReason(text: string): string | undefined {
  if (findImage(text) !== undefined) return undefined;
  const { repository } = parseReference(text);
  const tags = OFFERS[repository]?.tags;
  return (
    UNAVAILABLE[repository] ??
    (tags === undefined
      ? 'no recipe: add one in test/e2e/images/catalog.ts'
      : `there is only ${tags.join(', ')}: change the version here and in test/control-plane/programs`)
  );
}

/** `adapter`, `prometheus`, `nginx`: names that `build()` takes. */
export function imageName(source: ImageSource): string {
  return source.kind === 'nginx' ? 'nginx' : source.name;
}

/** Every image that can be had. */
export const IMAGE_SOURCES: readonly ImageSource[] = [
  ...OWN_IMAGES.map((name) => ({ kind: 'own', name }) as const),
  ...Object.keys(PROGRAM_IMAGES).filter(isProgramImage).map(program),
  { kind: 'nginx' },
];

/** Names of the images that references of manifests want; those that are not available are left out. */
export function imagesFor(references: readonly string[]): readonly string[] {
  const sources = references.map(findImage).filter((source) => source !== undefined);
  return [...new Set(sources.map(imageName))];
}

function isProgramImage(name: string): name is ProgramImageName {
  return Object.hasOwn(PROGRAM_IMAGES, name);
}

/** A digest without a tag is taken as right: what is built here has other digests than what was published. */
function fits(tags: readonly string[], tag: string | undefined, digest: string | undefined): boolean {
  return tag === undefined ? digest !== undefined : tags.includes(tag);
}

function program(name: ProgramImageName): ImageSource {
  return { kind: 'program', name };
}

function single(name: ProgramName, path: string, user: string, flags: readonly string[] = []): ProgramImage {
  return {
    programs: { [name]: path },
    entrypoint: [path, ...flags],
    command: [],
    user,
    workingDir: '/',
  };
}
