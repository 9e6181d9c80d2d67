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
    status: (at) => (listens.includes(at) ? 200 : undefined),
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

function seriesModel({ name, type, labels, value, growsWith, steps }: DeclaredSeries): SeriesModel {
  return {
    name,
    type,
    labels,
    start: value,
    growth: ({ from }) => (growsWith.includes(GROWS_WITH[from]) ? 1 : 0),
    perSecond: growsWith.includes('seconds') ? 1 : 0,
    steps: steps
      .map((step) => ({ atMs: parseGoDuration(step.at), value: step.value }))
      .sort((a, b) => a.atMs - b.atMs),
  };
}
