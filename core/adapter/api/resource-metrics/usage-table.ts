import { goQuote } from '../../../kube/go-quote';
import { type Quantity } from '../../../kube/quantity';
import { type ApiStatus } from '../api-status';
import { jsonString, jsonTime } from '../json-text';
import { badRequest } from '../statuses';
import { type NodeUsage, NOTHING, type PodUsage, type Usage, type UsageObject } from './usage';
import { encodeMetadata, encodeNodeUsage, encodePodUsage, type UsageContext, windowText } from './usage-json';

/** How a client wants its table. */
export interface TableRequest {
  /** Of `meta.k8s.io`: `v1`, `v1beta1`. */
  readonly version: string;
  /** What stands in each row beside the cells. */
  readonly includeObject: IncludeObject;
}

const INCLUDED = ['', 'None', 'Metadata', 'Object'] as const;
/** `''` is `Metadata`. */
type IncludeObject = (typeof INCLUDED)[number];

/**
 * What the parameter `includeObject` asks for.
 * @param version of the table that was negotiated
 */
export function tableRequest(version: string, includeObject = ''): TableRequest | ApiStatus {
  const known = INCLUDED.find((name) => name === includeObject);
  if (known !== undefined) return { version, includeObject: known };
  const problem = `includeObject: Invalid value: ${goQuote(includeObject)}: must be 'Metadata', 'Object', 'None', or empty`;
  return badRequest(`Unable to convert to Table as requested: ${problem}`);
}

const COLUMNS =
  '[{"name":"Name","type":"string","format":"name","description":"Name of the resource","priority":0},' +
  '{"name":"cpu","type":"string","format":"quantity","description":"","priority":0},' +
  '{"name":"memory","type":"string","format":"quantity","description":"","priority":0},' +
  '{"name":"Window","type":"string","format":"duration","description":"","priority":0}]';

/** `Table` of pods, as `kubectl get podmetrics` prints it; usage is the sum over the containers. */
export function podUsageTable(
  pods: readonly PodUsage[],
  context: UsageContext,
  request: TableRequest,
): string {
  const rows = pods.map((pod) =>
    row(pod, podTotal(pod), context, request, () => encodePodUsage(pod, context)),
  );
  return table(rows, request);
}

/** `Table` of nodes. */
export function nodeUsageTable(
  nodes: readonly NodeUsage[],
  context: UsageContext,
  request: TableRequest,
): string {
  const rows = nodes.map((node) =>
    row(node, node.usage, context, request, () => encodeNodeUsage(node, context)),
  );
  return table(rows, request);
}

/** Nothing to tell columns from: upstream has none for an empty list. */
function table(rows: readonly string[], { version }: TableRequest): string {
  const head = `{"kind":"Table","apiVersion":"meta.k8s.io/${version}","metadata":{}`;
  if (rows.length === 0) return `${head},"columnDefinitions":null,"rows":null}`;
  return `${head},"columnDefinitions":${COLUMNS},"rows":[${rows.join(',')}]}`;
}

function row(
  object: UsageObject,
  usage: Usage,
  { windowMs, atMs }: UsageContext,
  { version, includeObject }: TableRequest,
  whole: () => string,
): string {
  const cells = [object.name, usage.cpu.toString(), usage.memory.toString(), windowText(windowMs)];
  const list = cells.map(jsonString).join(',');
  if (includeObject === 'None') return `{"cells":[${list}],"object":null}`;
  const metadata = encodeMetadata(object, jsonTime(atMs));
  const partial = `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${metadata}}`;
  return `{"cells":[${list}],"object":${includeObject === 'Object' ? whole() : partial}}`;
}

function podTotal({ containers }: PodUsage): Usage {
  const total = (kind: keyof Usage): Quantity =>
    containers.reduce((sum, container) => sum.plus(container[kind]), NOTHING);
  return { cpu: total('cpu'), memory: total('memory') };
}
