/** A kubectl that talks to a fit cluster named `lab`, in bash. */
const KUBECTL = `case "$*" in
  "version --client") echo "Client Version: v1.36.4";;
  "config current-context") echo lab;;
  *" version") printf 'Client Version: v1.36.4\\nServer Version: v1.36.1\\n';;
  *"config view"*) echo https://10.0.0.1:6443;;
  *"get configmap extension-apiserver-authentication"*) echo 'a certificate';;
  *" api-versions") printf '%s\\n' v1 apps/v1 autoscaling/v2 batch/v1 apiregistration.k8s.io/v1;;
  *"create --dry-run=server"*) echo 'metadata.labels: Invalid value: "none": must be one of privileged, baseline, restricted' >&2; exit 1;;
  *"{.status.allocatable.cpu}"*) printf '4 8129440Ki 110 \\n3920m 16Gi 110 \\n';;
  *"{.status.nodeInfo.architecture}"*) printf 'linux/arm64\\nlinux/arm64\\n';;
  *"get service/metrics-server"*) echo service/metrics-server;;
  *"get pods --namespace kube-system"*"containerPort"*) printf 'coredns-1 53 53 9153 \\nother 8153 \\n';;
  *"auth can-i"*) echo yes;;
  *"get --raw"*) echo '{"kind":"MetricValueList","items":[{"value":"25"}]}';;
esac`;

/** Programs of a machine from which a fit cluster can be reached. */
export const REMOTE_STUBS = {
  kubectl: KUBECTL,
  helm: 'case "$*" in "version --short") echo "v3.18.4+gd80839c";; esac',
  docker: 'case "$*" in version*) echo "28.0.1";; esac',
};

/** What kubectl does instead: `pattern` as `case` has it, and bash. */
export type Answer = readonly [pattern: string, body: string];

/** The same kubectl with other answers; the first that fits counts. */
export function kubectlWhere(...answers: readonly Answer[]): string {
  const cases = answers.map(([pattern, body]) => `case "$*" in ${pattern}) ${body}; exit;; esac`);
  return [...cases, KUBECTL].join('\n');
}
