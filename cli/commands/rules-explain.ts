import { z } from 'zod';
import { Registry } from '../../core/adapter';
import { UsageError } from '../../core/errors';
import { type ApiResources } from '../../core/kube/api-resources';
import { type ConfigText } from '../../core/rule-check';
import {
  discover,
  explainRequest,
  parseTarget,
  readSeries,
  reportRules,
  requestFor,
  runAskingSlowly,
  storeReplies,
  type Question,
  type Reply,
} from '../../core/rule-explain';
import { parseAdapterConfig } from '../../core/rules';
import { explanationText, ruleReportsText } from '../../report';
import { styleOf, type Io } from '../io';
import { PrometheusClient } from '../prometheus-client';
import { durationOption, positiveDurationOption, readConfig, readResources } from '../read-config';
import { readText } from '../read-manifests';
import { rulesJson } from '../rules-json';
import { jsonOption, readOptions, repeatable } from './read-options';

const explainOptions = z.object({
  ...jsonOption,
  resource: repeatable,
  crds: repeatable,
  series: repeatable,
  interval: z.string().optional(),
  at: z.string().optional(),
  label: repeatable,
  prometheus: z.string().optional(),
  header: repeatable,
  timeout: z.string().optional(),
  maxAge: z.string().optional(),
  metric: z.string().optional(),
  for: z.string().optional(),
  selector: z.string().optional(),
});

type ExplainOptions = z.infer<typeof explainOptions>;

/** Where series come from, and the moment that is looked at. */
interface Source {
  readonly reply: (question: Question) => Promise<Reply>;
  readonly atMs: number;
}

const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_AGE_MS = 600_000;

/** `plimsoll rules explain CONFIG`: exit code 1 if the metric that is asked for is missing. */
export async function rulesExplain(path: string | undefined, options: unknown, io: Io): Promise<number> {
  const given = readOptions(explainOptions, options);
  const { metric, for: target } = given;
  if ((metric === undefined) !== (target === undefined)) {
    throw new UsageError('name both: --metric http_requests --for pods/NAMESPACE/NAME');
  }
  if (given.selector !== undefined && metric === undefined) {
    throw new UsageError('--selector is of a metric: name it with --metric and --for');
  }
  const wanted = target === undefined ? undefined : parseTarget(target);
  const resources = readResources(given.resource, given.crds);
  const source = sourceOf(given);
  const registry = registryOf(await readConfig(path, io), resources);
  const listed = await runAskingSlowly(discover(registry), source.reply);
  const style = styleOf(io.stdout, io);
  if (metric === undefined || wanted === undefined) {
    const reports = reportRules(listed);
    io.stdout.write(
      given.json ? rulesJson(reports) : ruleReportsText(reports, listed.resourceQueries !== undefined, style),
    );
    return 0;
  }
  const request = requestFor(listed, metric, wanted, given.selector);
  const explanation = await runAskingSlowly(explainRequest(listed, request, source.atMs), source.reply);
  io.stdout.write(given.json ? rulesJson(explanation) : explanationText(explanation, style));
  return explanation.missing ? 1 : 0;
}

/** @throws UsageError for the first thing with which the adapter would not start */
function registryOf({ text, where }: ConfigText, resources: ApiResources): Registry {
  try {
    return Registry.create(parseAdapterConfig(text, where), resources);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}; plimsoll rules check tells everything that is wrong`, {
      cause: error,
    });
  }
}

function sourceOf(options: ExplainOptions): Source {
  const { prometheus, series } = options;
  if ((prometheus === undefined) === (series.length === 0)) {
    throw new UsageError('say where series come from: --series FILE, or --prometheus URL');
  }
  refuseOptionsOfOther(options);
  return prometheus === undefined ? fileSource(options) : serverSource(prometheus, options);
}

/** Options that would have no effect on the source that is asked. */
function refuseOptionsOfOther({ prometheus, header, timeout, interval, at, label }: ExplainOptions): void {
  const ofServer = { '--header': header.length > 0, '--timeout': timeout !== undefined };
  const ofFiles = {
    '--interval': interval !== undefined,
    '--at': at !== undefined,
    '--label': label.length > 0,
  };
  const [chosen, needed, others] =
    prometheus === undefined ? ['--series', '--prometheus', ofServer] : ['--prometheus', '--series', ofFiles];
  const vain = Object.entries(others).flatMap(([option, isGiven]) => (isGiven ? [option] : []));
  if (vain.length === 0) return;
  throw new UsageError(`${vain.join(', ')}: of no effect with ${chosen}, only with ${needed}: leave it out`);
}

function fileSource({ series, interval, at, label, maxAge }: ExplainOptions): Source {
  const { store, lastMs } = readSeries(
    series.map((where) => ({ text: readText(where), where })),
    {
      intervalMs: positiveDurationOption('interval', interval) ?? DEFAULT_INTERVAL_MS,
      targetLabels: labelsOf(label),
    },
  );
  const atMs = durationOption('at', at) ?? lastMs;
  const reply = storeReplies(store, atMs, durationOption('max-age', maxAge) ?? DEFAULT_MAX_AGE_MS);
  return { reply: (question) => Promise.resolve(reply(question)), atMs };
}

function serverSource(url: string, { header, timeout, maxAge }: ExplainOptions): Source {
  const atMs = Date.now();
  const client = new PrometheusClient(
    {
      url,
      headers: header,
      timeoutMs: positiveDurationOption('timeout', timeout) ?? DEFAULT_TIMEOUT_MS,
      maxAgeMs: durationOption('max-age', maxAge) ?? DEFAULT_MAX_AGE_MS,
    },
    atMs,
  );
  return { reply: (question) => client.reply(question), atMs };
}

function labelsOf(assignments: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    assignments.map((text): [string, string] => {
      const [, name, value] = /^([a-zA-Z_]\w*)=(.+)$/.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw new UsageError(`--label "${text}": write name=value`);
      if (name === '__name__')
        throw new UsageError('--label __name__: targets have no such label; the lines of a file name series');
      return [name, value];
    }),
  );
}
