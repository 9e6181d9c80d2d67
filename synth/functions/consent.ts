import type { FunctionLibrary } from '../shell';

/** Value of the variable YES, which `--yes` sets as well. */
export const YES = '${PLIMSOLL_YES:-0}';

/** Lines that read the arguments of a script that asks before it changes a cluster. */
export const ARGUMENTS = [
  'for argument in "$@"; do',
  '  case "$argument" in',
  '    --yes) YES=1 ;;',
  `    *) printf 'usage: %s [--yes]\\n' "$(basename "$0")" >&2 && exit 2 ;;`,
  '  esac',
  'done',
];

/** Nothing is done to a cluster that the stack did not make before a person agreed. */
export const CONSENT_FUNCTIONS: FunctionLibrary = {
  can_ask: String.raw`# can_ask: whoever cannot be asked must have said yes before.
can_ask() {
  [ "$YES" = 1 ] || [ -t 0 ] ||
    fail 'this asks before it changes the cluster, and there is no terminal to ask at: pass --yes or set PLIMSOLL_YES=1. Nothing was changed.'
}`,

  confirm: String.raw`# confirm QUESTION
confirm() {
  if [ "$YES" = 1 ]; then
    printf '%s yes\n' "$1"
    return
  fi
  read -r -p "$1 [y/N] " answer || answer=''
  case "$answer" in
    y | Y | yes) ;;
    *)
      STEP=''
      fail 'not agreed to. Nothing was changed.'
      ;;
  esac
}`,
};
