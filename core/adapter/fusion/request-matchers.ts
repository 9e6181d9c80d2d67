import { quoteMeta } from '../../kube/go-regexp';
import { Matcher, type VectorSelector } from '../../promql';
import { type FusionRequest } from './fusion';

/** What stands in a fused query for the conditions on objects and namespaces until a scope says what they are. */
export interface OpenMatchers {
  readonly object: Matcher;
  readonly namespace?: Matcher | undefined;
}

/** Letters that mean themselves in a regular expression, and the dot, which means itself too. */
const MATCHES_ITSELF = /^[\w.:-]*$/;

/**
 * The conditions that a request puts into its query: `pod="a"` or `pod=~"a|b"` and `namespace="ns"`, by whichever
 * variable of the template they came there (`.LabelMatchers`, or `.LabelValuesByName` behind `=~`).
 */
export class RequestMatchers {
  readonly open: OpenMatchers;
  readonly #names: ReadonlySet<string>;

  constructor(private readonly request: FusionRequest) {
    const { objectLabel, namespaceLabel, namespace, names } = request;
    const namespaced = namespace !== undefined && namespaceLabel !== undefined;
    this.open = {
      object: new Matcher(objectLabel, '!=', ''),
      namespace: namespaced ? new Matcher(namespaceLabel, '!=', '') : undefined,
    };
    this.#names = new Set([names.join('|'), names.map(quoteMeta).join('|')]);
  }

  /** The selector with the request's conditions left open, or what it lacks. */
  opened(selector: VectorSelector): VectorSelector | { readonly lacks: string } {
    const { object, namespace } = this.open;
    const matchers = [...selector.matchers];
    const objectAt = matchers.findIndex((matcher) => this.#isObjects(matcher));
    if (objectAt < 0) return { lacks: object.label };
    matchers[objectAt] = object;
    if (namespace) {
      const namespaceAt = matchers.findIndex((matcher) => this.#isNamespace(matcher));
      if (namespaceAt < 0) return { lacks: namespace.label };
      matchers[namespaceAt] = namespace;
    }
    return { ...selector, matchers };
  }

  /** Whether a condition holds for the request's objects and was made of their names. */
  #isObjects(matcher: Matcher): boolean {
    const { objectLabel, names } = this.request;
    if (matcher.label !== objectLabel) return false;
    if (matcher.operator === '=') return names.length === 1 && matcher.value === names[0];
    return (
      matcher.operator === '=~' &&
      this.#names.has(matcher.value) &&
      names.every((name) => MATCHES_ITSELF.test(name) || matcher.matches(name))
    );
  }

  /** Whether a condition holds for the request's namespace and for no other. */
  #isNamespace({ label, operator, value }: Matcher): boolean {
    const { namespaceLabel, namespace = '' } = this.request;
    if (label !== namespaceLabel) return false;
    return operator === '=' ? value === namespace : operator === '=~' && value === quoteMeta(namespace);
  }
}
