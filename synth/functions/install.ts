import type { FunctionLibrary } from '../shell';

/**
 * Says at which step a script failed, when it does. What ends it before the first step, or on purpose, says enough.
 * An interrupted script ends with an exit code of its own: the last command's may be 0.
 */
export const STEPS = String.raw`STEP=''
on_exit() {
  status=$?
  if [ "$status" -ne 0 ] && [ -n "$STEP" ]; then
    printf '\n%s: failed at: %s\n' "$(basename "$0")" "$STEP" >&2
  fi
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
`;

/** What every script may call. */
export const COMMON_FUNCTIONS: FunctionLibrary = {
  step: String.raw`step() {
  STEP="$1"
  printf '\n==> %s\n' "$STEP"
}`,

  fail: String.raw`fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}`,

  find_context: String.raw`# find_context: the cluster is the one that kubectl talks to now, for as long as the script runs.
find_context() {
  CONTEXT="$(kubectl config current-context 2>/dev/null)" ||
    fail 'kubectl has no current context; choose the cluster with "kubectl config use-context NAME"'
  printf 'context %s\n' "$CONTEXT"
}`,

  show_server: String.raw`# show_server: of which cluster everything is said and done; it has to answer.
show_server() {
  VERSIONS="$(in_cluster version 2>&1)" ||
    fail "the cluster of context $CONTEXT does not answer: $(tail -n 1 <<<"$VERSIONS")"
  SERVER_VERSION="$(sed -n 's/^Server Version: v//p' <<<"$VERSIONS")"
  printf 'server  %s\nversion %s\n' \
    "$(in_cluster config view --minify --output 'jsonpath={.clusters[0].cluster.server}')" "$SERVER_VERSION"
}`,

  in_cluster: String.raw`in_cluster() {
  kubectl --context "$CONTEXT" "$@"
}`,
};

/**
 * The functions that `install.sh` is written in. They use the variables that the script sets before them: CONTEXT,
 * MANIFESTS, SOURCE, TIMEOUT (a Go duration, for every single wait) and METRIC_ATTEMPTS (5 seconds apart).
 *
 * No pipe feeds a reader that stops early: under `pipefail` its writer's SIGPIPE would count as a failure.
 */
export const INSTALL_FUNCTIONS: FunctionLibrary = {
  ...COMMON_FUNCTIONS,

  need: String.raw`# need TOOL MINIMUM COMMAND...: the command prints the version that is installed.
need() {
  tool="$1"
  minimum="$2"
  shift 2
  command -v "$tool" >/dev/null || fail "$tool is not installed; version $minimum or newer is needed"
  # What a tool warns of on stderr is no part of its version.
  answer="$("$@" 2>/dev/null)" || fail "\"$*\" fails: $("$@" 2>&1 || true)"
  version="$(sed -n '1s/^[^0-9]*\([0-9][0-9.]*\).*$/\1/p' <<<"$answer")"
  printf '%s\n' "$minimum" "$version" | sort -C -V ||
    fail "$tool is version \"$version\"; version $minimum or newer is needed"
  printf '%s %s\n' "$tool" "$version"
}`,

  require_dockerfile: String.raw`# require_dockerfile NAME REFERENCE FOLDER
require_dockerfile() {
  [ -f "$SOURCE/$3/Dockerfile" ] ||
    fail "image $1 ($2) cannot be built: $SOURCE/$3/Dockerfile does not exist. Nothing was applied."
  printf '%s\n' "$2"
}`,

  build_image: String.raw`# build_image BUILDER REFERENCE FOLDER OPTION...: from bases by their digests, where images.lock.json has them.
build_image() {
  local builder="$1" reference="$2" folder="$3" argument base digest
  shift 3
  if [ -f "$SOURCE/images.lock.json" ]; then
    while IFS='=' read -r argument base; do
      digest="$(sed -n "s|^ *\"$base\": *\"\(sha256:[0-9a-f]*\)\".*|\1|p" "$SOURCE/images.lock.json")"
      [ -z "$digest" ] || set -- "$@" --build-arg "$argument=${'${base%:*}'}@$digest"
    done < <(sed -n 's/^ARG \([A-Z_]*=.*\)$/\1/p' "$SOURCE/$folder/Dockerfile")
  fi
  "$builder" build "$@" --tag "$reference" --file "$SOURCE/$folder/Dockerfile" "$SOURCE"
}`,

  release: String.raw`# release NAME CHART OPTION...
release() {
  helm upgrade --install --kube-context "$CONTEXT" --create-namespace --wait --timeout "$TIMEOUT" "$@"
}`,

  apply: String.raw`# apply FILE: a field that somebody set by hand since is a conflict, and theirs until a person decides.
apply() {
  in_cluster apply --server-side --field-manager=plimsoll --filename "$MANIFESTS/$1" ||
    fail "not all of $1 was applied. Where there is a conflict, somebody changed that field by hand: change the stack, or take it back with: kubectl --context $CONTEXT apply --server-side --field-manager=plimsoll --force-conflicts --filename $PWD/$MANIFESTS/$1"
}`,

  established: String.raw`# established CRD
established() {
  in_cluster wait --for=create "customresourcedefinition/$1" --timeout="$TIMEOUT" >/dev/null
  in_cluster wait --for=condition=Established "customresourcedefinition/$1" --timeout="$TIMEOUT"
}`,

  available: String.raw`# available APISERVICE
available() {
  in_cluster wait --for=condition=Available "apiservice/$1" --timeout="$TIMEOUT" ||
    fail "APIService $1 is not available: $(in_cluster get apiservice "$1" \
      --output 'jsonpath={.status.conditions[?(@.type=="Available")].message}' 2>&1)"
}`,

  rolled_out: String.raw`# rolled_out KIND/NAME NAMESPACE
rolled_out() {
  in_cluster wait --for=create "$1" --namespace "$2" --timeout="$TIMEOUT" >/dev/null ||
    fail "$1 was not created in namespace $2"
  if ! in_cluster rollout status "$1" --namespace "$2" --timeout="$TIMEOUT"; then
    in_cluster get pods --namespace "$2" >&2 || true
    in_cluster get events --namespace "$2" --field-selector type=Warning --sort-by .lastTimestamp >&2 || true
    fail "$1 in namespace $2 did not become ready; its pods and warnings are above"
  fi
}`,

  has_metric: String.raw`# has_metric AUTOSCALER METRIC KEY PATH: waits until the API server answers with a value.
has_metric() {
  attempt=1
  while :; do
    if answer="$(in_cluster get --raw "$4" 2>&1)"; then
      case "$answer" in *"\"$3\":"*) break ;; esac
      answer='no value yet'
    fi
    [ "$attempt" -lt "$METRIC_ATTEMPTS" ] || fail "autoscaler $1 has no metric $2: $answer"
    attempt=$((attempt + 1))
    sleep 5
  done
  printf '%s %s: %s\n' "$1" "$2" "$answer"
}`,
};
