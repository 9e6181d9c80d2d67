import type { FunctionLibrary } from '../shell';

/** What `install.sh` does to clusters far away with images that it builds. It sets BUILDER. */
export const IMAGE_FUNCTIONS: FunctionLibrary = {
  choose_builder: String.raw`# choose_builder: the first of the programs that build and push images alike.
choose_builder() {
  [ "$SKIP_IMAGES" = 0 ] || return 0
  for candidate in docker podman buildah; do
    if [ -z "$BUILDER" ] && command -v "$candidate" >/dev/null; then BUILDER="$candidate"; fi
  done
  case "$BUILDER" in
    docker) need docker 24.0 docker version --format '{{.Server.Version}}' ;;
    podman) need podman 4.0 podman --version ;;
    buildah) need buildah 1.24 buildah --version ;;
    '') fail 'none of docker, podman and buildah is installed; one of them builds the images. Or push them yourself and set PLIMSOLL_SKIP_IMAGES=1' ;;
    *) fail "PLIMSOLL_BUILDER is \"$BUILDER\"; it must be docker, podman or buildah" ;;
  esac
}`,

  no_registry: String.raw`# no_registry NAME REFERENCE
no_registry() {
  problem "image $1 ($2) names no registry, so no node could pull it. Generate the files again with --set registry=HOST[:PORT][/PATH], a registry that you can push to and the nodes can pull from."
}`,

  buildable: String.raw`# buildable NAME REFERENCE FOLDER
buildable() {
  if [ "$SKIP_IMAGES" != 0 ]; then
    printf '%s is not built\n' "$2"
  else
    require_dockerfile "$@"
  fi
}`,

  push_image: String.raw`# push_image REFERENCE FOLDER
push_image() {
  if [ "$SKIP_IMAGES" != 0 ]; then
    printf '%s is taken to be in its registry\n' "$1"
    return
  fi
  build_image "$BUILDER" "$1" "$2" --platform "$PLATFORM"
  "$BUILDER" push "$1"
}`,
};

/** How a stack leaves a cluster that goes on. They use CONTEXT, STACK, MANIFESTS and TIMEOUT. */
export const REMOVAL_FUNCTIONS: FunctionLibrary = {
  delete: String.raw`# delete FILE: of a kind that the cluster does not know any more there is nothing left to delete.
delete() {
  if ! answer="$(in_cluster delete --ignore-not-found --timeout "$TIMEOUT" --filename "$MANIFESTS/$1" 2>&1)"; then
    if grep -v -e 'no matches for kind' -e 'ensure CRDs are installed first' -e ' deleted' <<<"$answer" >&2; then
      fail "not all of $1 could be deleted"
    fi
  fi
  printf '%s\n' "$answer"
}`,

  release_records: String.raw`# release_records NAME NAMESPACE: what Helm keeps of a release, if the stack installed it.
release_records() {
  in_cluster get secrets --namespace "$2" --selector "owner=helm,name=$1,plimsoll.dev/stack=$STACK" --output name
}`,

  uninstall_release: String.raw`# uninstall_release NAME NAMESPACE [CRD]...: its CRDs may have got users since, and would take their objects along.
uninstall_release() {
  name="$1"
  namespace="$2"
  shift 2
  records="$(release_records "$name" "$namespace")" || fail "the releases of namespace $namespace cannot be read"
  if [ -z "$records" ]; then
    printf 'release %s stays: another installed it\n' "$name"
    return
  fi
  for definition in "$@"; do
    known="$(in_cluster get customresourcedefinition "$definition" --ignore-not-found --output name)" ||
      fail "CRD $definition cannot be read"
    [ -n "$known" ] || continue
    users="$(in_cluster get "$definition" --all-namespaces --output name)" || fail "the objects of CRD $definition cannot be read"
    if [ -n "$users" ]; then
      printf 'release %s stays, for its CRD %s has objects of others:\n%s\n' "$name" "$definition" "$users"
      return
    fi
  done
  helm uninstall "$name" --kube-context "$CONTEXT" --namespace "$namespace" --wait --timeout "$TIMEOUT"
}`,

  keep_definitions: String.raw`# keep_definitions NAME NAMESPACE: CRDs stay, for with them go all objects of their kinds, whoever made them. What Helm
# knows of them may go with the namespace, so it is kubectl that deletes them.
keep_definitions() {
  records="$(release_records "$1" "$2")" || fail "the releases of namespace $2 cannot be read"
  [ -n "$records" ] || return 0
  definitions="$(in_cluster get customresourcedefinitions \
    --output 'jsonpath={range .items[*]}{.metadata.name} {.metadata.annotations.meta\.helm\.sh/release-namespace}/{.metadata.annotations.meta\.helm\.sh/release-name}{"\n"}{end}')" ||
    fail "the CRDs of release $1 cannot be listed"
  printf 'release %s stays: it is CRDs, which others may use by now. install.sh takes them up again. If nobody uses them:\n  %s\n' "$1" \
    "kubectl --context $CONTEXT delete customresourcedefinitions $(sed -n "s| $2/$1\$||p" <<<"$definitions" | paste -s -d ' ' -)"
}`,
};
