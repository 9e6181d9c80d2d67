/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Path = readonly (string | number)[];

/** Whether a candidate still shows what is looked for. */
export type Test = (candidate: Json) => Promise<boolean>;

/**
 * Reduces a JSON value to a smallest form that still passes the test: leaves out elements and keys, in large pieces
 * first, and makes numbers simpler, until nothing can be taken away any more.
 */
export async function shrink(value: Json, test: Test): Promise<Json> {
  let smallest = value;
  for (let before: Json | undefined; before !== smallest;) {
    before = smallest;
    smallest = await shrinkAt(smallest, [], test);
  }
  return smallest;
}

/** Everything at or below a path, in one pass. */
async function shrinkAt(whole: Json, path: Path, test: Test): Promise<Json> {
  const part = at(whole, path);
  if (isList(part)) return shrinkList(whole, path, test);
  if (typeof part === 'object' && part !== null) return shrinkObject(whole, path, test);
  if (typeof part === 'number') return shrinkNumber(whole, path, part, test);
  return whole;
}

/** Leaves out runs of elements, half of them at first, then those below each. */
async function shrinkList(whole: Json, path: Path, test: Test): Promise<Json> {
  let result = whole;
  for (let size = Math.max(1, listAt(result, path).length >> 1); size >= 1; size >>= 1) {
    for (let start = 0; start < listAt(result, path).length;) {
      const list = listAt(result, path);
      const shorter = [...list.slice(0, start), ...list.slice(start + size)];
      const candidate = withAt(result, path, shorter);
      if (await test(candidate)) result = candidate;
      else start += size;
    }
  }
  for (let index = 0; index < listAt(result, path).length; index++) {
    result = await shrinkAt(result, [...path, index], test);
  }
  return result;
}

async function shrinkObject(whole: Json, path: Path, test: Test): Promise<Json> {
  let result = whole;
  for (const key of Object.keys(objectAt(result, path))) {
    const others = Object.entries(objectAt(result, path)).filter(([name]) => name !== key);
    const candidate = withAt(result, path, Object.fromEntries(others));
    result = (await test(candidate)) ? candidate : await shrinkAt(result, [...path, key], test);
  }
  return result;
}

async function shrinkNumber(whole: Json, path: Path, value: number, test: Test): Promise<Json> {
  for (const simpler of simplerNumbers(value)) {
    const candidate = withAt(whole, path, simpler);
    if (await test(candidate)) return candidate;
  }
  return whole;
}

/** From the simplest to the most like the value. */
function simplerNumbers(value: number): readonly number[] {
  const candidates = [0, 1, ...[1000, 100, 15, 10, 5, 1].map((unit) => Math.round(value / unit) * unit)];
  const simplicity = (number: number): number => String(Math.abs(number)).replace(/0+$/, '').length;
  return [...new Set(candidates)].filter(
    (candidate) => candidate !== value && simplicity(candidate) <= simplicity(value),
  );
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function at(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((part, step) => {
    if (isList(part)) return part[Number(step)];
    return typeof part === 'object' && part !== null ? part[step] : undefined;
  }, value);
}

function listAt(value: Json, path: Path): readonly Json[] {
  const part = at(value, path);
  return isList(part) ? part : [];
}

function objectAt(value: Json, path: Path): { readonly [key: string]: Json } {
  const part = at(value, path);
  return typeof part === 'object' && part !== null && !isList(part) ? part : {};
}

function withAt(value: Json, path: Path, part: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return part;
  if (isList(value)) return value.with(Number(step), withAt(value[Number(step)] ?? null, rest, part));
  const object = objectAt(value, []);
  return { ...object, [step]: withAt(object[step] ?? null, rest, part) };
}
