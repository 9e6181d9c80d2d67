/**
 * Gives the SDK's own files the folder that they are in. Its source maps lead to `node_modules/@pulumi/resource.ts`, and
 * the `util.inspect` of Node 20, with which the runner prints errors in colours, takes minutes over a path that has no
 * package after its scope.
 */
export function mendStackTraces(): void {
  const prepare = Error.prepareStackTrace?.bind(Error);
  if (!prepare) return;
  Error.prepareStackTrace = (error, frames) => {
    const stack: unknown = prepare(error, frames);
    return typeof stack === 'string'
      ? stack.replace(/node_modules\/@pulumi\/([^/\s]+\.[jt]s)/g, 'node_modules/@pulumi/pulumi/$1')
      : stack;
  };
}
