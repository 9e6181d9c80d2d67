import type { FunctionLibrary } from '../shell';

/**
 * The functions that look at a cluster before anything is applied to it. They read only; the one request that looks
 * like a change is a dry run that is meant to be refused. Each prints what it found; `passed` ends the script if
 * anything stands in the way, so that everything that does is known at once.
 *
 * They use the variables CONTEXT, STACK, VERSIONS (what kubectl says of itself and the cluster) and SERVER_VERSION, and
 * set PROBLEMS, USED (releases that are not installed, for what is there is used) and PLATFORM.
 */
export const PREFLIGHT_FUNCTIONS: FunctionLibrary = {
  fine: String.raw`fine() {
  printf 'ok       %s\n' "$1"
}`,

  warning: String.raw`# warning TEXT: worth knowing, and no reason to stop.
warning() {
  printf 'warning  %s\n' "$1" >&2
}`,

  problem: String.raw`# problem TEXT: must be put right before anything is applied.
problem() {
  printf 'PROBLEM  %s\n' "$1" >&2
  PROBLEMS=$((PROBLEMS + 1))
}`,

  passed: String.raw`passed() {
  [ "$PROBLEMS" -eq 0 ] || fail "the problems above ($PROBLEMS) stand in the way. Nothing was applied."
}`,

  show_cluster: String.raw`# show_cluster: who may not list nodes is told so among the problems.
show_cluster() {
  show_server
  in_cluster get nodes || true
}`,

  minor_of: String.raw`minor_of() {
  sed -n 's/^1\.\([0-9]*\).*$/\1/p' <<<"$1"
}`,

  kubernetes_is: String.raw`# kubernetes_is MINOR OLDEST NEWEST: the minor version that was rehearsed, and those whose autoscaler is known.
kubernetes_is() {
  server="$(minor_of "$SERVER_VERSION")"
  client_version="$(sed -n 's/^Client Version: v//p' <<<"$VERSIONS")"
  client="$(minor_of "$client_version")"
  if [ -z "$server" ]; then
    problem "the version of the cluster cannot be read: \"$SERVER_VERSION\""
    return
  fi
  if [ "$server" -eq "$1" ]; then
    fine "Kubernetes $SERVER_VERSION, as rehearsed"
  elif [ "$server" -lt "$2" ] || [ "$server" -gt "$3" ]; then
    warning "Kubernetes $SERVER_VERSION: rehearsed was 1.$1, and only the autoscalers of 1.$2 to 1.$3 were compared with the rehearsal's"
  else
    warning "Kubernetes $SERVER_VERSION: rehearsed was 1.$1. Describe the cluster as 1.$server and rehearse again"
  fi
  if [ -n "$client" ] && { [ "$client" -lt $((server - 1)) ] || [ "$client" -gt $((server + 1)) ]; }; then
    warning "kubectl $client_version is more than one minor version away from the cluster's $SERVER_VERSION"
  fi
}`,

  aggregation: String.raw`# aggregation: whether the API server hands metrics APIs on to their servers. It publishes what they need to trust
# it only where it is set up to do so.
aggregation() {
  for key in client-ca-file requestheader-client-ca-file; do
    if ! authority="$(in_cluster get configmap extension-apiserver-authentication --namespace kube-system \
      --output "jsonpath={.data.$key}" 2>&1)"; then
      problem "whether the API server hands metrics APIs on cannot be read: $authority"
      return
    fi
    if [ -z "$authority" ]; then
      problem "ConfigMap kube-system/extension-apiserver-authentication has no $key: kube-apiserver runs without --$key. API aggregation needs --client-ca-file, --requestheader-client-ca-file, --requestheader-allowed-names, --requestheader-username-headers, --requestheader-group-headers, --requestheader-extra-headers-prefix, --proxy-client-cert-file and --proxy-client-key-file"
      return
    fi
  done
  fine 'API aggregation is set up'
}`,

  served: String.raw`# served VERSION...: API versions that the cluster must have of itself.
served() {
  if ! versions="$(in_cluster api-versions 2>&1)"; then
    problem "the API versions of the cluster cannot be listed: $versions"
    return
  fi
  for wanted in "$@"; do
    if grep -Fx -- "$wanted" <<<"$versions" >/dev/null; then
      fine "$wanted is served"
    else
      problem "the cluster does not serve $wanted, which the stack needs"
    fi
  done
}`,

  found: String.raw`# found KIND/NAME NAMESPACE: whether the cluster has an object; a namespace of - is for kinds without. FOUND is its name
# and the release that Helm made it for.
found() {
  if [ "$2" = - ]; then set -- "$1"; else set -- "$1" --namespace "$2"; fi
  FOUND="$(in_cluster get "$@" --ignore-not-found --output \
    'jsonpath={.metadata.name} {.metadata.annotations.meta\.helm\.sh/release-namespace}/{.metadata.annotations.meta\.helm\.sh/release-name}')" ||
    problem "$* cannot be read"
  [ -n "$FOUND" ]
}`,

  expected: String.raw`# expected KIND/NAME NAMESPACE: something that the cluster brings along as it is described.
expected() {
  if found "$1" "$2"; then
    fine "$1 is there"
  else
    place=''
    [ "$2" = - ] || place=" (namespace $2)"
    warning "$1 is missing$place, and the cluster was described with it"
  fi
}`,

  answers_names: String.raw`# answers_names NAMESPACE SELECTOR: whether pods that the policies of the stack let its own ask are DNS servers.
answers_names() {
  servers="pods of $1"
  [ -z "$2" ] || servers="$servers with $2"
  if ! pods="$(in_cluster get pods --namespace "$1" --selector "$2" --output \
    'jsonpath={range .items[*]}{.metadata.name}{range .spec.containers[*].ports[*]} {.containerPort}{end} {"\n"}{end}' 2>&1)"; then
    warning "whether $servers answer names cannot be read: $pods"
  elif grep -F -- ' 53 ' <<<"$pods" >/dev/null; then
    fine "names are answered by $servers"
  else
    warning "no $servers have port 53, and the NetworkPolicies of the stack let its pods ask no others for names: where policies are enforced, no name can be looked up"
  fi
}`,

  own_namespace: String.raw`# own_namespace NAME: what runs in somebody else's would be cut off by the stack's policies, and deleted with them.
own_namespace() {
  if ! managers="$(in_cluster get namespace "$1" --ignore-not-found --show-managed-fields \
    --output 'jsonpath={.metadata.name} {.metadata.managedFields[*].manager} ' 2>&1)"; then
    problem "namespace $1 cannot be read: $managers"
    return
  fi
  case "$managers" in
    '') fine "namespace $1 is free" ;;
    *' plimsoll '*) fine "namespace $1 is there already, from a stack" ;;
    *) problem "namespace $1 exists and no stack made it: policies would cut off what runs there. If nothing does: kubectl --context $CONTEXT delete namespace $1" ;;
  esac
}`,

  own_object: String.raw`# own_object KIND/NAME NAMESPACE: outside the stack's namespaces; a namespace of - is for kinds without.
own_object() {
  if [ "$2" = - ]; then set -- "$1"; else set -- "$1" --namespace "$2"; fi
  if ! managers="$(in_cluster get "$@" --ignore-not-found --show-managed-fields \
    --output 'jsonpath={.metadata.name} {.metadata.managedFields[*].manager} ' 2>&1)"; then
    problem "$* cannot be read: $managers"
    return
  fi
  case "$managers" in
    '') fine "$* is free" ;;
    *' plimsoll '*) fine "$* is there already, from a stack" ;;
    *) problem "$* exists and no stack made it: the stack would change it, and delete it in the end. If nothing needs it: kubectl --context $CONTEXT delete $*" ;;
  esac
}`,

  api_service: String.raw`# api_service NAME NAMESPACE SERVICE: nobody else may serve an API that the stack takes.
api_service() {
  if ! owner="$(in_cluster get apiservice "$1" --ignore-not-found \
    --output 'jsonpath={.spec.service.namespace}/{.spec.service.name}' 2>&1)"; then
    problem "APIService $1 cannot be read: $owner"
    return
  fi
  case "$owner" in
    '') fine "APIService $1 is free" ;;
    "$2/$3") fine "APIService $1 is that of Service $owner already" ;;
    *) problem "APIService $1 belongs to Service $owner, and the stack would take it for $2/$3: whatever scales on metrics from there would lose them. If nothing does: kubectl --context $CONTEXT delete apiservice $1" ;;
  esac
}`,

  release_records: String.raw`# release_records NAME NAMESPACE [,LABEL=VALUE]: what Helm keeps of a release.
release_records() {
  in_cluster get secrets --namespace "$2" --selector "owner=helm,name=$1$3" --output name
}`,

  plan_release: String.raw`# plan_release NAME NAMESPACE [KIND/NAME NAMESPACE]...: installs, updates or leaves alone, after who made the objects
# that the release is known by.
plan_release() {
  name="$1"
  namespace="$2"
  shift 2
  if ! any="$(release_records "$name" "$namespace" '')" ||
    ! ours="$(release_records "$name" "$namespace" ",plimsoll.dev/stack=$STACK")"; then
    problem "release $name: the Secrets of namespace $namespace, where Helm keeps what it installed, cannot be listed"
    return
  fi
  if [ -n "$ours" ]; then
    fine "release $name is the stack's own and is brought up to date"
    return
  fi
  present=''
  absent=''
  left=''
  while [ "$#" -gt 0 ]; do
    if found "$1" "$2"; then present="$present $1"; else absent="$absent $1"; fi
    case "$FOUND" in *" $namespace/$name") left="$left $1" ;; esac
    shift 2
  done
  if [ -z "$any" ] && [ -n "$left" ] && [ "$present" = "$left" ]; then
    fine "release $name can be installed again, over what stayed of it:$left"
  elif [ -n "$present" ] && [ -z "$absent" ]; then
    USED="$USED $name "
    warning "release $name is not installed: somebody else's is there and is used as it is, whatever its version:$present"
  elif [ -n "$present" ]; then
    problem "release $name: somebody else installed a part of it:$present. What is missing:$absent. Complete it, or remove it"
  elif [ -n "$any" ]; then
    problem "a release $name in namespace $namespace exists, and the stack did not install it; installing would replace it"
  else
    fine "release $name can be installed"
  fi
}`,

  own_release: String.raw`# own_release NAME CHART OPTION...
own_release() {
  case "$USED" in
    *" $1 "*) printf 'release %s: what is there is used\n' "$1" ;;
    *) release "$@" --labels "plimsoll.dev/stack=$STACK" ;;
  esac
}`,

  may: String.raw`# may VERB RESOURCE
may() {
  if answer="$(in_cluster auth can-i "$1" "$2" 2>&1)"; then
    fine "may $1 $2"
  else
    problem "you may not $1 $2: $(tail -n 1 <<<"$answer")"
  fi
}`,

  pod_security: String.raw`# pod_security: the admission of Pod Security refuses a level that does not exist. It is a dry run either way.
pod_security() {
  answer="$(in_cluster create --dry-run=server --filename - 2>&1 <<<'{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"plimsoll-preflight","labels":{"pod-security.kubernetes.io/enforce":"none"}}}')" || true
  case "$answer" in
    *'must be one of'*) fine 'Pod Security admission is on' ;;
    *'(server dry run)'*) problem 'Pod Security admission is off: the levels that the namespaces of the stack ask for would not be enforced. Enable the admission plugin PodSecurity of kube-apiserver' ;;
    *) problem "whether Pod Security admission is on cannot be found out: $answer" ;;
  esac
}`,

  tolerance: String.raw`# tolerance: whether the API server keeps the tolerance of an autoscaler, which a dry run makes.
tolerance() {
  if ! kept="$(in_cluster create --dry-run=server --validate=ignore --filename - \
    --output 'jsonpath={.spec.behavior.scaleUp.tolerance}' 2>&1 <<<'{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"plimsoll-preflight","namespace":"default"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"none"},"maxReplicas":1,"behavior":{"scaleUp":{"tolerance":"500m"}}}}')"; then
    problem "whether autoscalers may have a tolerance cannot be found out: $kept"
  elif grep -F 500m <<<"$kept" >/dev/null; then
    fine 'autoscalers may have a tolerance of their own'
  else
    problem 'autoscalers of the stack have a tolerance of their own, and the API server drops it. Kubernetes has it from 1.35 on; in 1.33 and 1.34 enable the feature gate HPAConfigurableTolerance of kube-apiserver and kube-controller-manager'
  fi
}`,

  capacity: String.raw`# capacity MILLICORES MEBIBYTES PODS: what the stack requests at the most.
capacity() {
  if ! nodes="$(in_cluster get nodes --output 'jsonpath={range .items[*]}{.status.allocatable.cpu}{" "}{.status.allocatable.memory}{" "}{.status.allocatable.pods}{" "}{.spec.unschedulable}{"\n"}{end}' 2>&1)"; then
    problem "the nodes cannot be listed: $nodes"
    return
  fi
  sums="$(awk '
    function amount(text, unit) {
      unit = text
      sub(/^[0-9.]+/, "", unit)
      return text * (unit == "" ? 1 : factor[unit])
    }
    BEGIN {
      split("k M G T Ki Mi Gi Ti", units)
      for (i = 1; i <= 8; i++) factor[units[i]] = i <= 4 ? 1000 ^ i : 1024 ^ (i - 4)
      factor["m"] = 0.001
    }
    $4 != "true" { cpu += amount($1); memory += amount($2); pods += $3 }
    END { printf "%d %d %d\n", cpu * 1000 + 0.5, memory / 1024 ^ 2, pods }' <<<"$nodes")"
  read -r cpu memory pods <<<"$sums"
  has="$cpu millicores, $memory MiB and $pods pods"
  wants="$1 millicores, $2 MiB and $3 pods"
  if [ "$cpu" -lt "$1" ] || [ "$memory" -lt "$2" ] || [ "$pods" -lt "$3" ]; then
    warning "the nodes have $has to allocate, and the stack requests $wants when its autoscalers are at their most: pods would stay pending"
  else
    fine "the nodes have $has to allocate; the stack requests $wants at the most, besides what runs there"
  fi
}`,

  platform: String.raw`# platform: that of all nodes, for the images that are built here.
platform() {
  [ "$SKIP_IMAGES" = 0 ] || return 0
  if ! platforms="$(in_cluster get nodes --output 'jsonpath={range .items[*]}{.status.nodeInfo.operatingSystem}/{.status.nodeInfo.architecture}{"\n"}{end}' 2>&1)"; then
    problem "the nodes cannot be listed: $platforms"
    return
  fi
  PLATFORM="$(sort -u <<<"$platforms")"
  case "$PLATFORM" in
    '')
      PLATFORM=linux/amd64
      warning "there are no nodes yet; images are built for $PLATFORM"
      ;;
    *$'\n'*) problem "the nodes are of several platforms ($(tr '\n' ' ' <<<"$PLATFORM")): build the images for all of them, push them and set PLIMSOLL_SKIP_IMAGES=1" ;;
    *) fine "images are built for $PLATFORM" ;;
  esac
}`,

  read_controller_manager: String.raw`# read_controller_manager: its arguments, where it runs as a pod that can be seen.
read_controller_manager() {
  FLAGS_RIGHT=1
  CONTROLLER_MANAGER="$(in_cluster get pods --namespace kube-system --selector component=kube-controller-manager \
    --output 'jsonpath={range .items[*]}{.spec.containers[0].command}{.spec.containers[0].args}{"\n"}{end}' 2>/dev/null)" ||
    CONTROLLER_MANAGER=''
  [ -n "$CONTROLLER_MANAGER" ] ||
    warning 'the arguments of kube-controller-manager cannot be seen from here; the rehearsal counted on those below'
}`,

  controller_flag: String.raw`# controller_flag NAME VALUE DEFAULT
controller_flag() {
  case "$CONTROLLER_MANAGER" in
    '')
      printf '         --%s=%s\n' "$1" "$2"
      [ "$2" = "$3" ] || FLAGS_RIGHT=0
      ;;
    *"\"--$1=$2\""*) fine "kube-controller-manager runs with --$1=$2" ;;
    *"\"--$1="*)
      warning "kube-controller-manager has --$1 set to something else than $2, which the rehearsal counted on"
      FLAGS_RIGHT=0
      ;;
    *)
      if [ "$2" = "$3" ]; then
        fine "kube-controller-manager leaves --$1 at $2"
      else
        warning "kube-controller-manager runs without --$1=$2, which the rehearsal counted on"
        FLAGS_RIGHT=0
      fi
      ;;
  esac
}`,

  where_to_set: String.raw`# where_to_set TEXT...: how to give kube-controller-manager arguments, if some are not as they must be.
where_to_set() {
  [ "$FLAGS_RIGHT" = 0 ] || return 0
  printf '         %s\n' "$@"
}`,
};
