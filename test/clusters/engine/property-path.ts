import { below } from './marks';
import { isList, isProperties, type Properties, type Value } from './values';

/** One step of a path of properties: a name, the index of an item, or `*` for any. */
type Step = string;

const STEP = /\.?(?:\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]"]+))/y;

/** Steps of `spec.template["a.b/c"][0].*`. @throws Error where it is no path */
function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (found === null) throw new Error(`"${path}" is no path of properties`);
    steps.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return steps;
}

/** Whether one of the paths names a property, or something that the property is in, or something in it. */
export function touches(patterns: readonly string[], changed: string): boolean {
  const steps = parsePath(changed);
  return patterns.some((pattern) => parsePath(pattern).every((step, index) => matches(step, steps[index])));
}

function matches(step: Step, other: Step | undefined): boolean {
  return other === undefined || step === '*' || step === other;
}

/** New properties where those at the paths are as they were before, absent included: what `ignoreChanges` does. */
export function keepOld(news: Properties, olds: Properties, paths: readonly string[]): Properties {
  return paths.reduce<Properties>((kept, path) => {
    const changed = keepAt(kept, olds, parsePath(path));
    return isProperties(changed) ? changed : kept;
  }, news);
}

function keepAt(news: Value | undefined, olds: Value | undefined, steps: readonly Step[]): Value | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return olds;
  if (isProperties(news) && isProperties(olds)) {
    const names = step === '*' ? Object.keys({ ...olds, ...news }) : [step];
    const entries = names.map((name) => [name, keepAt(news[name], olds[name], rest)] as const);
    return Object.fromEntries(
      Object.entries({ ...news, ...Object.fromEntries(entries) }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
  }
  if (isList(news) && isList(olds)) {
    return news.map((item, index) =>
      step === '*' || step === String(index) ? (keepAt(item, olds[index], rest) ?? item) : item,
    );
  }
  return news;
}

/** Paths of everything that differs; unknown differs from everything. Secrets have to be revealed before. */
export function changedPaths(olds: Value | undefined, news: Value | undefined, path = ''): string[] {
  if (isProperties(olds) && isProperties(news)) {
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
    return names.flatMap((name) => changedPaths(olds[name], news[name], below(path, name)));
  }
  if (isList(olds) && isList(news)) {
    const length = Math.max(olds.length, news.length);
    return Array.from({ length }, (_, index) =>
      changedPaths(olds[index], news[index], `${path}[${index}]`),
    ).flat();
  }
  return sameLeaf(olds, news) ? [] : [path];
}

function sameLeaf(olds: Value | undefined, news: Value | undefined): boolean {
  if (typeof olds === 'object' && olds !== null && typeof news === 'object' && news !== null) {
    return 'urn' in olds && 'urn' in news && olds.urn === news.urn;
  }
  return olds === news;
}
