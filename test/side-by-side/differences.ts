import { parseSelector } from '../../core/promql';
import { type Answered, type Difference, isRecord, isTime, kindOf, timeOf, WHOLE } from './compare';
import { selectorsIn } from './configurations';

/** A difference, and what was asked of whom. */
export interface Seen extends Difference {
  readonly form: string;
  readonly path: string;
  readonly accept?: string;
  /** The configuration file. */
  readonly configuration: string;
  /** Status of the candidate's answer; absent where it does not start. */
  readonly status?: number;
}

/** Where answers are meant to differ. */
export interface KnownDifference {
  /** As docs/adapter.md has it. */
  readonly name: string;
  readonly reason: string;
  readonly covers: (seen: Seen) => boolean;
}

/** Every one is in the table of docs/adapter.md, by its name; whatever none of them covers is a defect. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: 'paths that are not served',
    reason: 'a Status, which clients can read, in place of a list of all paths',
    covers: ({ where, upstream, candidate }) =>
      where === WHOLE &&
      isAnswer(upstream, 404) &&
      hasOnly(upstream.body, 'paths') &&
      isStatus(candidate, 404, 'the server could not find the requested resource'),
  },
  {
    name: 'list of groups',
    reason: 'has a version, as other documents; has no address, which is none that a client can reach',
    covers: ({ form, where, upstream, candidate }) =>
      form === 'groups' &&
      ((where === 'apiVersion' && upstream === undefined && candidate === 'v1') ||
        (where === 'groups[].serverAddressByClientCIDRs' && candidate === undefined)),
  },
  {
    name: 'versions of custom.metrics.k8s.io',
    reason: 'both answer both; the one that was left out is named',
    covers: ({ where, upstream, candidate }) =>
      /^(groups\[\]\.)?versions$/.test(where) &&
      versionNames(upstream) === 'v1beta1' &&
      versionNames(candidate) === 'v1beta1 v1beta2',
  },
  {
    name: 'aggregated discovery',
    reason: 'has the metrics, and the groups of kinds; upstream has CPU and memory alone',
    covers: ({ where, path, accept = '' }) =>
      path === '/apis' &&
      accept.includes('as=APIGroupDiscoveryList') &&
      /^items(\[\]\.versions\[\]\.resources\[\]\.responseKind\.(group|version))?$/.test(where),
  },
  {
    name: 'OpenAPI',
    reason: 'has the paths and kinds of metrics, in words of its own; upstream has those of discovery too',
    covers: ({ form, where, status }) => form === 'OpenAPI' && where !== WHOLE && status === 200,
  },
  {
    name: 'forms of answers',
    reason:
      'JSON, and tables of CPU and memory: no client of metrics insists on YAML, protobuf or metadata alone; 406 says so before anything is asked',
    covers: ({ where, status, accept, upstream, candidate }) =>
      accept !== undefined &&
      (where === WHOLE
        ? isStatus(candidate, 406, ONLY_JSON)
          ? isOtherForm(upstream)
          : isOf(candidate, JSON_TYPE) && isOf(upstream, PROTOBUF)
        : status === 406 &&
          ((where === 'message' && isRefusal(upstream) && candidate === ONLY_JSON) ||
            (where === 'details' && candidate === undefined))),
  },
  {
    name: 'types by a wildcard',
    reason: '`*` and `application/*` are JSON too',
    covers: ({ where, accept, upstream, candidate }) =>
      where === WHOLE &&
      (accept === '*' || accept === 'application/*') &&
      isStatus(upstream, 406, UNROUTED) &&
      isOf(candidate, JSON_TYPE) &&
      !isAnswer(candidate, 406),
  },
  {
    name: 'listing without metrics',
    reason: 'kubectl takes an empty listing for a server that is broken',
    covers: ({ where, upstream, candidate }) =>
      where === 'resources' &&
      isEmptyList(upstream) &&
      ['pods/custommetrics', 'externalmetrics'].includes(resourceNames(candidate).join()),
  },
  {
    name: 'version of core objects',
    reason: '`/v1` is no version',
    covers: ({ where, upstream, candidate }) =>
      where === 'items[].describedObject.apiVersion' && upstream === '/v1' && candidate === 'v1',
  },
  {
    name: 'cause of a 404',
    reason: 'says which link of the chain failed',
    covers: ({ where, status, upstream, candidate }) =>
      where === 'message' && status === 404 && CAUSES.test(rest(candidate, upstream)),
  },
  {
    name: 'time of metrics.k8s.io',
    reason:
      'that of the oldest sample used, by which the autoscaler judges CPU; upstream gives the time of the query',
    covers: ({ where, path, upstream, candidate }) =>
      isTime(where) &&
      path.startsWith('/apis/metrics.k8s.io/') &&
      timeOf(candidate) <= timeOf(upstream) &&
      timeOf(upstream) - timeOf(candidate) < LONGEST_AGE_MS,
  },
  {
    name: 'resource metrics that cannot be fetched',
    reason: 'a failure is told, with the link that failed, where upstream answers that there is nothing',
    covers: ({ where, upstream, candidate }) =>
      where === WHOLE &&
      (isStatus(candidate, 503, /^unable to fetch resource metrics: ./) ||
        isStatus(candidate, 500, /^Internal error occurred: unable to fetch resource metrics: ./)) &&
      (isNothing(upstream) || isMissingUsage(upstream)),
  },
  {
    name: 'a namespace too much or too little',
    reason: 'no objects are there, in place of a failure to list them',
    covers: ({ where, path, upstream, candidate }) =>
      where === WHOLE &&
      // Kinds that are in no namespace, asked for in one, and those that are in namespaces, asked for outside.
      (/\/namespaces\/[^/]+\/(nodes|persistentvolumes)\/\*\//.test(path) ||
        /\/v\d\w*\/(?!namespaces\/|nodes\/|persistentvolumes\/)[^/]+\/\*\//.test(path)) &&
      isStatus(upstream, 500, 'Internal error occurred: unable to list matching resources') &&
      isStatus(candidate, 404, /: (no objects are selected$|the metric is not registered: .)/),
  },
  {
    name: 'external metrics that were not listed',
    reason: 'asked for at once, if the name of the series is known from rule or metric',
    covers: ({ form, where, upstream, candidate }) =>
      form === 'unknown external metric' &&
      where === WHOLE &&
      isStatus(upstream, 404, /^the server could not find the metric no_such_metric for/) &&
      (isAnswer(candidate, 200)
        ? kindOf(candidate.body) === 'ExternalMetricValueList'
        : isStatus(candidate, 500, 'Internal error occurred: unable to fetch metrics')),
  },
  {
    name: 'rules with a selector that is wrong',
    reason: 'those rules alone have no metrics; upstream lists none of that API',
    covers: ({ where, configuration, upstream, candidate }) =>
      where === 'resources' &&
      isEmptyList(upstream) &&
      resourceNames(candidate).length > 0 &&
      selectorsIn(configuration).some((selector) => !isSelector(selector)),
  },
  {
    name: 'rules that cannot be compiled',
    reason: 'those rules alone are not served; upstream does not start',
    covers: ({ form, upstream, candidate }) =>
      form === 'start' &&
      candidate === 'starts' &&
      typeof upstream === 'string' &&
      /unable to construct .*(provider|naming scheme)|unable to normalize group-resource/.test(upstream),
  },
];

/** The difference on purpose that something is, if it is one. */
export function knownDifference(seen: Seen): KnownDifference | undefined {
  return KNOWN_DIFFERENCES.find(({ covers }) => covers(seen));
}

const CAUSES =
  /^: (the metric is not registered: .|the query has no results?$|the query has no result for .|no objects are selected$|no result has .|unable to construct query: .|the cluster serves no such resource$)/;
/** Samples of the data are this old at the most. */
const LONGEST_AGE_MS = 30 * 60_000;

const JSON_TYPE = 'application/json';
const ONLY_JSON = `only the following media types are accepted: ${JSON_TYPE}`;
/** What go-restful says, which looks at types before anything else does. */
const UNROUTED = /^406: Not Acceptable\n/;
const PROTOBUF = /^application\/.*protobuf$/;
const METADATA = 'PartialObjectMetadataList';

function isRefusal(message: unknown): boolean {
  if (typeof message !== 'string') return false;
  return message.startsWith(`${ONLY_JSON}, `) || UNROUTED.test(message);
}

function isOf(answer: unknown, wanted: string | RegExp): boolean {
  if (!isRecord(answer) || typeof answer['type'] !== 'string') return false;
  return typeof wanted === 'string' ? answer['type'] === wanted : wanted.test(answer['type']);
}

/** What the adapter does not have: another type, metadata alone; or a failure, which upstream tells in any form. */
function isOtherForm(answer: unknown): boolean {
  if (!isRecord(answer)) return false;
  return !isOf(answer, JSON_TYPE) || kindOf(answer['body']) === METADATA || answer['status'] !== 200;
}

/** What a text has after another, which it begins with. */
function rest(text: unknown, start: unknown): string {
  if (typeof text !== 'string' || typeof start !== 'string' || !text.startsWith(start)) return '';
  return text.slice(start.length);
}

function isAnswer(value: unknown, status: number): value is Answered {
  return isRecord(value) && value['status'] === status && 'body' in value;
}

function isStatus(value: unknown, code: number, message: string | RegExp): boolean {
  if (!isAnswer(value, code) || !isRecord(value.body)) return false;
  const { kind, message: text } = value.body;
  if (kind !== 'Status' || typeof text !== 'string') return false;
  return typeof message === 'string' ? text === message : message.test(text);
}

function isNothing(value: unknown): boolean {
  if (!isAnswer(value, 200) || !isRecord(value.body)) return false;
  const { items, rows } = value.body;
  return isEmptyList(items) || rows === null;
}

function isMissingUsage(value: unknown): boolean {
  return isStatus(value, 404, /^(pod|node)metrics\.metrics\.k8s\.io "[^"]*" not found$/);
}

function hasOnly(value: unknown, key: string): boolean {
  return isRecord(value) && Object.keys(value).join() === key;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function versionNames(versions: unknown): string {
  return textsAt(versions, 'version').join(' ');
}

function resourceNames(resources: unknown): string[] {
  return textsAt(resources, 'name');
}

function textsAt(list: unknown, key: string): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => (isRecord(item) ? String(item[key]) : ''));
}

function isSelector(text: string): boolean {
  try {
    parseSelector(text);
    return true;
  } catch {
    return false;
  }
}
