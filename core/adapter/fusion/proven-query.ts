import { UsageError } from '../../errors';
import { type Labels } from '../../kube/selector';
import { quoteMeta } from '../../kube/go-regexp';
import { type Expr, Matcher, printExpr } from '../../promql';
import { mapSelectors } from '../../promql/language/map-selectors';
import { type QuerySample } from '../request';
import { type FusedQuery, type FusedResults, type FusionScope } from './fusion';
import { type OpenMatchers } from './request-matchers';
import { type SeparableExpr, type SeparationKeys } from './separation';

/** A query of which it was shown that it keeps objects apart. */
export class ProvenQuery implements FusedQuery {
  readonly fusable = true;
  readonly key: string;
  readonly objectLabel: string;
  readonly namespaceLabel: string | undefined;
  readonly #expr: Expr;
  readonly #openText: string;
  /** Whether results of the request's own query have no namespace label, so that it has to go. */
  readonly #dropsNamespace: boolean;

  constructor(
    { expr, hasNamespace }: SeparableExpr,
    { object, namespace }: SeparationKeys,
    private readonly open: OpenMatchers,
  ) {
    this.objectLabel = object;
    this.namespaceLabel = namespace;
    this.#expr = expr;
    this.#openText = printExpr(expr);
    this.#dropsNamespace = !hasNamespace;
    this.key = JSON.stringify([object, namespace ?? null, this.#openText]);
  }

  query({ namespaces, names }: FusionScope): string {
    const object = narrowed(this.open.object, names);
    const namespace = this.open.namespace && narrowed(this.open.namespace, namespaces);
    if (object === this.open.object && namespace === this.open.namespace) return this.#openText;
    const matcherFor = (matcher: Matcher): Matcher => {
      if (matcher === this.open.object) return object;
      return namespace && matcher === this.open.namespace ? namespace : matcher;
    };
    return printExpr(
      mapSelectors(this.#expr, (selector) => ({ ...selector, matchers: selector.matchers.map(matcherFor) })),
    );
  }

  select(
    results: FusedResults,
    namespace: string | undefined,
    names: readonly string[],
  ): readonly QuerySample[] {
    const { namespaceLabel } = this;
    const dropped = this.#dropsNamespace ? namespaceLabel : undefined;
    const selected: QuerySample[] = [];
    for (const name of new Set(names)) {
      for (const sample of results.of(namespace, name)) {
        if (dropped === undefined) selected.push(sample);
        else selected.push({ labels: withoutLabel(sample.labels, dropped), value: sample.value });
      }
    }
    return selected;
  }
}

/** The condition for the values of a scope, sorted and each once; as it is for any. */
function narrowed(open: Matcher, values: readonly string[] | undefined): Matcher {
  if (!values) return open;
  const sorted = [...new Set(values)].sort();
  const [first] = sorted;
  if (first === undefined) throw new UsageError(`a fused query for no values of ${open.label}: name some`);
  if (sorted.length === 1) return new Matcher(open.label, '=', first);
  return new Matcher(open.label, '=~', sorted.map(quoteMeta).join('|'));
}

function withoutLabel(labels: Labels, label: string): Labels {
  const others: Record<string, string> = {};
  for (const name in labels) if (name !== label) others[name] = labels[name] ?? '';
  return others;
}
