/**
 * Replaces `$(NAME)` by the value of a variable; one that is not known stays as it is written, and `$$` is a `$`
 * (`k8s.io/kubernetes/third_party/forked/golang/expansion/expand.go`).
 */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (variables.get(name) ?? whole),
  );
}
