import { temporaryFolder } from './temporary-folder';

export const CONFIG = `rules:
- seriesQuery: hits_total{namespace!="",pod!=""}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  name: {matches: ^(.*)_total$, as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue{name!=""}
  resources: {namespaced: false}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
`;

const SERIES = `hits_total{namespace="shop",pod="web-1"} 0+60x10\nqueue{name="orders"} NaN\n`;

/** Rules and series in files of their own for each test. */
export function rulesFiles() {
  const folder = temporaryFolder();
  return {
    folder,
    config: (text = CONFIG): string => folder.write('config.yaml', text),
    series: (text = SERIES): string => folder.write('series.txt', text),
  };
}
