/**
 * The functions that `install.sh` is written in. They use the variables that the script sets before them: CLUSTER,
 * CONTEXT, MANIFESTS, SOURCE, TIMEOUT (a Go duration, for every single wait) and METRIC_ATTEMPTS (5 seconds apart).
 *
 * No pipe feeds a reader that stops early: under `pipefail` its writer's SIGPIPE would count as a failure.
 */
export const INSTALL_FUNCTIONS = String.raw`STEP='the start'
on_exit() {
  status=$?
  if [ "$status" -ne 0 ]; then printf '\ninstall.sh: failed at: %s\n' "$STEP" >&2; fi
}
trap on_exit EXIT

step() {
  STEP="$1"
  printf '\n==> %s\n' "$STEP"
}

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

in_cluster() {
  kubectl --context "$CONTEXT" "$@"
}

# need TOOL MINIMUM COMMAND...: the command prints the version that is installed.
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
}

# require_dockerfile NAME REFERENCE FOLDER
require_dockerfile() {
  [ -f "$SOURCE/$3/Dockerfile" ] ||
    fail "image $1 ($2) cannot be built: $SOURCE/$3/Dockerfile does not exist. Nothing was applied."
  printf '%s\n' "$2"
}

create_cluster() {
  clusters="$(kind get clusters 2>&1)" || fail "\"kind get clusters\" fails: $clusters"
  if grep -Fx -- "$CLUSTER" <<<"$clusters" >/dev/null; then
    printf 'cluster %s exists\n' "$CLUSTER"
    kind export kubeconfig --name "$CLUSTER"
  else
    kind create cluster --name "$CLUSTER" --config kind.yaml
  fi
}

# load_image REFERENCE FOLDER
load_image() {
  docker build --tag "$1" --file "$SOURCE/$2/Dockerfile" "$SOURCE"
  kind load docker-image "$1" --name "$CLUSTER"
}

# release NAME CHART OPTION...
release() {
  helm upgrade --install --kube-context "$CONTEXT" --create-namespace --wait --timeout "$TIMEOUT" "$@"
}

# apply FILE
apply() {
  in_cluster apply --server-side --field-manager=plimsoll --filename "$MANIFESTS/$1"
}

# established CRD
established() {
  in_cluster wait --for=create "customresourcedefinition/$1" --timeout="$TIMEOUT"
  in_cluster wait --for=condition=Established "customresourcedefinition/$1" --timeout="$TIMEOUT"
}

# available APISERVICE
available() {
  in_cluster wait --for=condition=Available "apiservice/$1" --timeout="$TIMEOUT" ||
    fail "APIService $1 is not available: $(in_cluster get apiservice "$1" \
      --output 'jsonpath={.status.conditions[?(@.type=="Available")].message}' 2>&1)"
}

# rolled_out KIND/NAME NAMESPACE
rolled_out() {
  in_cluster wait --for=create "$1" --namespace "$2" --timeout="$TIMEOUT" >/dev/null ||
    fail "$1 was not created in namespace $2"
  if ! in_cluster rollout status "$1" --namespace "$2" --timeout="$TIMEOUT"; then
    in_cluster get pods --namespace "$2" >&2 || true
    in_cluster get events --namespace "$2" --field-selector type=Warning --sort-by .lastTimestamp >&2 || true
    fail "$1 in namespace $2 did not become ready; its pods and warnings are above"
  fi
}

# has_metric AUTOSCALER METRIC KEY PATH: waits until the API server answers with a value.
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
}
`;
