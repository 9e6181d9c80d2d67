import { messageOf, UsageError } from '../../errors';
import { type Expr, parseExpr, printExpr, typeOf, type VectorSelector } from '../../promql';
import { METADATA_LABELS } from '../../promql/labels';
import { type Fusion, type FusionRequest, type NotFusable } from './fusion';
import { ProvenQuery } from './proven-query';
import { RequestMatchers } from './request-matchers';
import { separable } from './separable';
import { mixed, type Mixed, type SeparableExpr, type SeparationKeys } from './separation';

/** Whatever a server may understand; whether it does, it says itself. */
const ALL_FEATURES = {
  experimentalFunctions: true,
  durationExpressions: true,
  extendedRangeSelectors: true,
  fillModifiers: true,
};

/**
 * Decides whether a request's query can be answered from one for the objects of many requests.
 *
 * It looks at nothing but the query that was rendered for the request. Nothing need be known of the rule's template:
 * every selector of the query must have the request's own conditions on objects and namespace, and with those left
 * open, the query must keep objects apart (see `separable`). Two requests that come to the same open query may share
 * its results, whichever rules they stem from.
 * @param query PromQL; text that is none is not fusable
 */
export function proveFusion(query: string, request: FusionRequest): Fusion {
  const keys = keysOf(request);
  if ('mixed' in keys) return notFusable(keys);
  let expr: Expr;
  try {
    expr = parseExpr(query, ALL_FEATURES);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return notFusable(mixed(`it is not PromQL that is understood here: ${messageOf(error)}`));
  }
  if (typeOf(expr) !== 'instant vector') {
    return notFusable(mixed(`its result is a ${typeOf(expr)}, which has no object`));
  }
  const matchers = new RequestMatchers(request);
  const open = (selector: VectorSelector): VectorSelector | Mixed => {
    const opened = matchers.opened(selector);
    if (!('lacks' in opened)) return opened;
    return mixed(`the selector ${printExpr(selector)} lacks the request's condition on ${opened.lacks}`);
  };
  const whole = separable(expr, keys, open);
  if ('mixed' in whole) return notFusable(whole);
  const several = severalReason(whole, keys, request.partLabels ?? []);
  return several ? notFusable(several) : new ProvenQuery(whole, keys, matchers.open);
}

function notFusable({ mixed: reason }: Mixed): NotFusable {
  return { fusable: false, reason };
}

function keysOf({ objectLabel, namespaceLabel, namespace, names }: FusionRequest): SeparationKeys | Mixed {
  if (names.length === 0 || names.includes('')) return mixed('the request names no objects');
  if (namespace === undefined) return keysWith(objectLabel);
  if (namespace === '' || namespaceLabel === undefined || namespaceLabel === '') {
    return mixed('no label names the namespace');
  }
  if (namespaceLabel === objectLabel) return mixed(`${objectLabel} names both the object and its namespace`);
  return keysWith(objectLabel, namespaceLabel);
}

function keysWith(object: string, namespace?: string): SeparationKeys | Mixed {
  if (object === '') return mixed('no label names the object');
  for (const label of [object, namespace]) {
    if (label !== undefined && METADATA_LABELS.includes(label)) {
      return mixed(`the label ${label} belongs to the metric, which functions take away`);
    }
  }
  return { object, namespace };
}

/**
 * Why an object may have several results that nothing tells apart. Which of them counts depends on their order then,
 * and Prometheus promises none.
 */
function severalReason(
  { labels }: SeparableExpr,
  { object, namespace }: SeparationKeys,
  partLabels: readonly string[],
): Mixed | undefined {
  if (!labels) {
    return mixed(`an object may have several results: nothing aggregates them by ${object}`);
  }
  const others = [...labels].filter(
    (label) => label !== object && label !== namespace && !partLabels.includes(label),
  );
  return others.length === 0
    ? undefined
    : mixed(`an object may have several results, which differ in ${others.join(', ')}`);
}
