import { toGoString } from '../kube/go-string';
import { GoMap, GoSlice, GoStruct, type StructType } from './template';

/** What a query template sees: upstream's `queryTemplateArgs`. */
export interface QueryArguments {
  /** Name of the series. */
  readonly series: string;
  /** Matchers, joined by commas. */
  readonly labelMatchers: string;
  /** Label → values asked for, joined by `|`. */
  readonly labelValuesByName: ReadonlyMap<string, string>;
  readonly groupBy: readonly string[];
}

const TYPE: StructType = { name: 'naming.queryTemplateArgs', comparable: false, methods: new Map() };

/** The arguments as the Go struct that templates are executed on. */
export function queryArgumentsValue(query: QueryArguments): GoStruct {
  const groupBy = query.groupBy.map(toGoString);
  const values = [...query.labelValuesByName].map(
    ([label, value]) => [toGoString(label), toGoString(value)] as const,
  );
  return new GoStruct(TYPE, {
    Series: toGoString(query.series),
    LabelMatchers: toGoString(query.labelMatchers),
    LabelValuesByName: new GoMap(values),
    GroupBy: groupBy.join(','),
    GroupBySlice: new GoSlice(groupBy),
  });
}
