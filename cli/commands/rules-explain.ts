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
  type Explanation,
  type Question,
  type Reply,
} from '../../core/rule-explain';
import { groupResourceText, parseAdapterConfig } from '../../core/rules';
import { explanationText, ruleReportsText } from '../../report';
import { styleOf, type Io } from '../io';
import { PrometheusClient } from '../prometheus-client';
import { durationOption, positiveDurationOption, readConfig, readResources } from '../read-config';
import { readText } from '../read-manifests';
import { rulesJson } from '../rules-json';
import { explainByAdapter, type AdapterQuestion } from './explain-adapter';
import { jsonOption, readOptions, repeatable } from './read-options';

const explainOptions = z.object({
  ...jsonOption,
  resource: repeatable,
  crds: repeatable,
  series: repeatable,
  interval: z.string().optional(),
  at: z.string().optional(),
  label: repeatable,
  adapter: z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  caFile: z.string().optional(),
  serverName: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  prometheus: z.string().optional(),
  header: repeatable,
  timeout: z.string().optional(),
  maxAge: z.string().optional(),
  metric: z.string().optional(),
  for: z.string().optional(),
  selector: z.string().optional(),
  objectSelector: z.string().optional(),
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
  refuseInVain(path, given);
  if (given.adapter !== undefined) return explainByAdapter(adapterQuestion(given.adapter, given), io);
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
  const explanation = withRemedy(
    await runAskingSlowly(explainRequest(listed, request, source.atMs), source.reply),
  );
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

/** What to do where it is this program that knows too little of the cluster. */
function withRemedy(explanation: Explanation): Explanation {
  const { missing, request } = explanation;
  if (missing?.reason !== 'unknown-resource' || request.api !== 'custom') return explanation;
  const text = `${missing.text}; --resource ${groupResourceText(request.groupResource)} says that it does`;
  return { ...explanation, missing: { ...missing, text } };
}

function adapterQuestion(url: string, options: ExplainOptions): AdapterQuestion {
  const { metric, for: target, selector, objectSelector, json, timeout, ...credentials } = options;
  if (target === undefined) {
    throw new UsageError(
      '--adapter explains one metric: name it by --metric and --for, or CPU and memory by --for pods/NAMESPACE/NAME alone',
    );
  }
  if (metric === undefined && selector !== undefined) {
    throw new UsageError('--selector is of a metric: name it with --metric and --for');
  }
  const timeoutMs = positiveDurationOption('timeout', timeout) ?? DEFAULT_TIMEOUT_MS;
  const { token, tokenFile, caFile, serverName, cert: certFile, key: keyFile } = credentials;
  const address = { url, token, tokenFile, caFile, serverName, certFile, keyFile, timeoutMs };
  return { address, metric, target, selector, objectSelector, json };
}

function sourceOf(options: ExplainOptions): Source {
  return options.prometheus === undefined ? fileSource(options) : serverSource(options.prometheus, options);
}

/** Where answers come from, and the options that have no effect but there. */
const OPTIONS_OF: Readonly<Record<'series' | 'prometheus' | 'adapter', readonly (keyof ExplainOptions)[]>> = {
  series: ['interval', 'at', 'label'],
  prometheus: ['header', 'timeout'],
  adapter: ['token', 'tokenFile', 'caFile', 'serverName', 'cert', 'key', 'objectSelector'],
};

/** Refuses what would have no effect, and a source that is missing or not the only one. */
function refuseInVain(path: string | undefined, options: ExplainOptions): void {
  const { series, prometheus, adapter } = options;
  const sources = { series: series.length > 0 || undefined, prometheus, adapter };
  const [chosen, ...others] = (['series', 'prometheus', 'adapter'] as const).filter(
    (source) => sources[source] !== undefined,
  );
  if (chosen === undefined || others.length > 0) {
    throw new UsageError('say where series come from: --series FILE, or --prometheus URL, or --adapter URL');
  }
  if (chosen === 'adapter') refuseForAdapter(path, options);
  for (const needed of ['series', 'prometheus', 'adapter'] as const) {
    if (needed === chosen) continue;
    // An adapter is waited for as well.
    const special = OPTIONS_OF[needed].filter((option) => chosen !== 'adapter' || option !== 'timeout');
    const vain = special.filter((option) => isGiven(options[option]));
    if (vain.length > 0) throw vainOptions(vain, chosen, needed);
  }
}

/** A running adapter has its own configuration, and knows the cluster. */
function refuseForAdapter(path: string | undefined, options: ExplainOptions): void {
  if (path !== undefined)
    throw new UsageError(`${path}: the adapter has its own configuration: leave the file out with --adapter`);
  const vain = (['resource', 'crds', 'maxAge'] as const).filter((option) => isGiven(options[option]));
  if (vain.length > 0) throw vainOptions(vain, 'adapter', undefined);
}

function vainOptions(options: readonly string[], chosen: string, needed: string | undefined): UsageError {
  const names = options.map(
    (option) => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
  const where = needed === undefined ? '' : `, only with --${needed}`;
  return new UsageError(`${names.join(', ')}: of no effect with --${chosen}${where}: leave it out`);
}

function isGiven(value: string | boolean | readonly string[] | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
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
