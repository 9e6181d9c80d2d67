import { invalid, namedStringText } from '../../../kube/field-error';
import { goQuote } from '../../../kube/go-quote';
import { labelKeyProblems } from '../../../kube/name-syntax';

/** Names without a prefix that a container can request. */
const OF_CONTAINERS = ['cpu', 'memory', 'ephemeral-storage'];
/** Names without a prefix that some object can request. */
const STANDARD = [
  ...OF_CONTAINERS,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
];
const HUGE_PAGES = 'hugepages-';
const QUOTA = 'requests.';
const NATIVE = 'kubernetes.io/';
/** Since this minor version a name is printed as a value of its type, which at first meant as it is. */
const NAMES_TYPED_SINCE = 29;
/** Since this minor version values of that type are printed as JSON. */
const NAMES_IN_JSON_SINCE = 34;
/** Since this minor version this includes a name with wrong syntax. */
const ALL_NAMES_TYPED_SINCE = 37;

/** `ValidateContainerResourceName`. */
export function validateContainerResourceName(name: string, path: string, minor: number): string[] {
  const problem = (detail: string): string => invalid(path, nameText(name, minor), detail);
  const problems = validateResourceName(name, path, minor);
  if (!name.includes('/')) {
    if (OF_CONTAINERS.includes(name) || name.startsWith(HUGE_PAGES)) return problems;
    return [...problems, problem('must be a standard resource for containers')];
  }
  if (name.includes(NATIVE) || isExtended(name, minor)) return problems;
  return [...problems, problem("doesn't follow extended resource name standard")];
}

/** `validateResourceName`. */
function validateResourceName(name: string, path: string, minor: number): string[] {
  const wrong = labelKeyProblems(name, minor);
  const text = minor >= ALL_NAMES_TYPED_SINCE ? nameText(name, minor) : goQuote(name);
  if (wrong.length > 0) return wrong.map((problem) => invalid(path, text, problem));
  const standard =
    STANDARD.includes(name) || name.startsWith(HUGE_PAGES) || name.startsWith(`${QUOTA}${HUGE_PAGES}`);
  if (name.includes('/') || standard) return [];
  return [invalid(path, nameText(name, minor), 'must be a standard resource type or fully qualified')];
}

function nameText(name: string, minor: number): string {
  if (minor >= NAMES_IN_JSON_SINCE) return namedStringText(name, minor);
  return minor >= NAMES_TYPED_SINCE ? name : goQuote(name);
}

/** `IsExtendedResourceName`, for names that are not native. */
function isExtended(name: string, minor: number): boolean {
  return !name.startsWith(QUOTA) && labelKeyProblems(`${QUOTA}${name}`, minor).length === 0;
}
