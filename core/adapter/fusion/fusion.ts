import { type QuerySample } from '../request';

/** What is known of a request whose query is to be fused. */
export interface FusionRequest {
  /** Label of the series and results that names the object. */
  readonly objectLabel: string;
  /** Label that names the namespace; it counts only with `namespace`. */
  readonly namespaceLabel?: string | undefined;
  /** Absent for root-scoped objects, namespaces among them. */
  readonly namespace?: string | undefined;
  /** Names of the objects, as the query was rendered with them. */
  readonly names: readonly string[];
  /** Labels by which several results of one object are told apart: that of containers, for resource metrics. */
  readonly partLabels?: readonly string[] | undefined;
}

/** Whether the requests of several clients for a metric can be answered from one query, and why. */
export type Fusion = FusedQuery | NotFusable;

export interface NotFusable {
  readonly fusable: false;
  /** A clause for explanations: what in the query mixes objects, or cannot be shown not to. */
  readonly reason: string;
}

/**
 * A query for all objects that a scope holds; its results for one request are those of the request's own query.
 *
 * That holds for results. A fused query fails where one of its objects makes it fail, by two series that match where
 * one may: an error of the query itself says nothing of the requests, which then have to be asked one by one.
 */
export interface FusedQuery {
  readonly fusable: true;
  /** The same for two requests exactly if one query of the same scope answers both. */
  readonly key: string;
  /** Label of the results that names the object. */
  readonly objectLabel: string;
  /** Label of the results that names the namespace; absent for requests outside namespaces. */
  readonly namespaceLabel?: string | undefined;
  /**
   * PromQL for the objects in scope. Scopes that hold the same give the same text.
   * @throws UsageError if the scope holds no names or no namespaces
   */
  query(scope: FusionScope): string;
  /**
   * What the request's own query says of its objects, from the results of a query whose scope holds them: the same
   * labels and values, object by object in the order of the names. What the own query says of others, whose names its
   * pattern happens to match, is not among them.
   */
  select(
    results: FusedResults,
    namespace: string | undefined,
    names: readonly string[],
  ): readonly QuerySample[];
}

/** Objects that a fused query is asked for. Whatever is absent is not narrowed down. */
export interface FusionScope {
  readonly namespaces?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
}

/** The samples of a fused query by namespace and object, so that a request does not go through all of them. */
export interface FusedResults {
  readonly samples: readonly QuerySample[];
  /** In the order of `samples`. */
  of(namespace: string | undefined, name: string): readonly QuerySample[];
}
