/** Ends with a message where the Azure CLI is missing, or nobody is logged in to it. */
export const AZ_READY = `set -euo pipefail
command -v az >/dev/null || {
  printf 'az is not installed, or not in PATH: https://learn.microsoft.com/cli/azure/install-azure-cli\\n' >&2
  exit 1
}
az account show --output none >/dev/null 2>&1 || {
  printf 'az is not logged in to Azure: run "az login" (a pipeline: "az login --service-principal"), then try again\\n' >&2
  exit 1
}`;

/** The words of a call of az for a subscription, where the variable SUBSCRIPTION has one. */
export const azSubscription = '${SUBSCRIPTION:+--subscription "$SUBSCRIPTION"}';
