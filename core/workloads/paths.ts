import { ownValue } from '../own-value';

/** Where this project's programs listen unless PORT says otherwise. */
export const DEFAULT_PORT = 8080;

/** The paths that a program answers, and the methods of each; HEAD goes with GET. */
export type Paths = Readonly<Record<string, readonly string[]>>;

/** Where this project's programs answer probes: whether they are alive, and whether they want requests. */
export const HEALTH = { live: '/healthz', ready: '/readyz' } as const;

/** Answers to probes, for `Paths`. */
export const HEALTH_PATHS: Paths = { [HEALTH.live]: ['GET'], [HEALTH.ready]: ['GET'] };

/** The methods that a path answers; undefined for a path that is none of the program's. */
export function methodsOf(paths: Paths, path: string): readonly string[] | undefined {
  const methods = ownValue(paths, path);
  return methods?.includes('GET') ? [...methods, 'HEAD'] : methods;
}

/** 200, 404 for a path that is none of the program's, 405 for a method that its path does not answer. */
export function pathStatus(
  paths: Paths,
  { method, path }: { readonly method: string; readonly path: string },
): 200 | 404 | 405 {
  const methods = methodsOf(paths, path);
  if (!methods) return 404;
  return methods.includes(method) ? 200 : 405;
}
