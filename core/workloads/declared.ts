import { parseGoDuration } from '../kube/duration';
import type { DeclaredProgram, MetricContract } from '../model';
import { bystander, type IncomingRequest, type Program, type SeriesModel, type Setting } from './program';

type DeclaredSeries = DeclaredProgram['series'][number];

const GROWS_WITH = { client: 'requests', probe: 'probes', scrape: 'scrapes' } as const satisfies Record<
  IncomingRequest['from'],
  DeclaredSeries['growsWith'][number]
>;

/** A program that the scenario describes. It answers every path of its ports. */
export function declaredProgram(declaration: DeclaredProgram, { container }: Setting): Program {
  const { path, port, startsIn, series } = declaration;
  const declared = container.ports ?? [];
  const wanted = declared.filter(({ name, containerPort }) => port === name || port === containerPort);
  const numbers = [
    ...(port === undefined ? declared : wanted).map(({ containerPort }) => containerPort),
    ...(typeof port === 'number' ? [port] : []),
  ];
  const listens = [...declared.map(({ containerPort }) => containerPort), ...numbers];
  return {
    ...bystander(declaration.image),
    exports: contractOf(declaration, wanted[0]?.name ?? declared[0]?.name ?? String(port ?? '')),
    series: series.map(seriesModel),
    status: (at, request) => (listens.includes(at) ? statusOf(series, request) : undefined),
    exposes: (at, asked) => numbers.includes(at) && asked === path,
    startsInMs: startsIn === undefined ? 0 : parseGoDuration(startsIn),
  };
}

function contractOf({ path, series }: DeclaredProgram, port: string): MetricContract {
  const contracts = series.map(({ name, type, labels }) => ({
    name,
    type,
    help: '',
    labels: Object.keys(labels),
  }));
  return { port, path, series: Object.fromEntries(contracts.map((contract) => [contract.name, contract])) };
}

/** A body that should be a number and is none is a bad request. */
function statusOf(series: readonly DeclaredSeries[], request: IncomingRequest): number {
  const refused = series.some(
    ({ setBy }) => setBy && isSetBy(setBy, request) && bodyOf(request) === undefined,
  );
  return refused ? 400 : 200;
}

function isSetBy(setBy: NonNullable<DeclaredSeries['setBy']>, { method, path }: IncomingRequest): boolean {
  return method === setBy.method && path === setBy.path;
}

/** The number that a body is, if it is one. */
function bodyOf({ body = '' }: IncomingRequest): number | undefined {
  const value = body.trim() === '' ? Number.NaN : Number(body);
  return Number.isNaN(value) ? undefined : value;
}

function seriesModel(declared: DeclaredSeries): SeriesModel {
  const { name, type, labels, value, growsWith, appears, setBy, steps } = declared;
  return {
    name,
    type,
    labels,
    start: value,
    growth: ({ from }) => (growsWith.includes(GROWS_WITH[from]) ? 1 : 0),
    sets: (request) => (setBy && isSetBy(setBy, request) ? bodyOf(request) : undefined),
    appears,
    perSecond: growsWith.includes('seconds') ? 1 : 0,
    steps: steps
      .map((step) => ({ atMs: parseGoDuration(step.at), value: step.value }))
      .sort((a, b) => a.atMs - b.atMs),
  };
}
