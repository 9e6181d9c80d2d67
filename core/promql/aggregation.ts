import { type Labels } from '../kube/selector';
import { type AggregateExpr, type Aggregator } from './ast';
import { dropLabels, keepLabels, labelsKey, METRIC_NAME, perLabels } from './labels';
import { avg, count, max, min, one, type Reducer, stddev, stdvar, sum } from './reducers';
import { type Vector } from './vector';

const REDUCERS: Readonly<Record<Aggregator, Reducer>> = {
  sum,
  avg,
  min,
  max,
  count,
  group: one,
  stddev,
  stdvar,
};

interface Group {
  readonly labels: Labels;
  readonly values: number[];
}

/** The function that aggregates a vector. It remembers which labels go to which group. */
export function aggregation({ operator, grouping }: AggregateExpr): (vector: Vector) => Vector {
  const reduce = REDUCERS[operator];
  const groupOf = perLabels((labels) => {
    const kept = grouping.without
      ? dropLabels(labels, [METRIC_NAME, ...grouping.labels])
      : keepLabels(labels, grouping.labels);
    return { labels: kept, key: labelsKey(kept) };
  });
  return (vector) => {
    const groups = new Map<string, Group>();
    for (const { labels, value } of vector) {
      const { key, labels: kept } = groupOf(labels);
      const group = groups.get(key);
      if (group) group.values.push(value);
      else groups.set(key, { labels: kept, values: [value] });
    }
    return Array.from(groups.values(), ({ labels, values }) => ({
      labels,
      value: reduce(values, values.length),
    }));
  };
}
