import { entries, field, texts } from './fields';
import { containersOf, describe, kindOf } from './kubernetes-resource';
import type { CheckedResource, Rule } from './rule';

/** Names of variables that hold something to be kept secret; `PASSWORD_FILE` and `SECRET_NAME` only say where it is. */
const SECRET_NAME =
  /(^|[_-])(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET|SHARED|ACCOUNT)[_-]?KEY)$/i;

/** What names a Secret or says yes or no, instead of being one: `monitoring/serving`, `true`, nothing. */
const NO_SECRET = /^(true|false|\d*|[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?)$/;

/** Values that are secret whatever they are called. */
const SECRET_VALUES: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['an access key of AWS', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['an account key of Azure', /\b(AccountKey|SharedAccessKey)=[^;\s]{20,}/],
  ['a JSON Web Token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/],
  ['a token of GitHub', /\bgh[pousr]_\w{36,}/],
  ['a URL with a password', /\b[a-z][\w+.-]*:\/\/[^\s/:@]+:[^\s/@$]+@/],
];

/** `--password=VALUE` */
const FLAG = /^--?([\w-]+)=(.+)$/s;

/**
 * Secrets come out of Secrets. Whether a value is a secret of Pulumi's cannot be seen here, as policies get values
 * unwrapped: this is about what is readable in the cluster. For Pulumi's state see `encryptSecretData`.
 */
export const plainSecrets: Rule<object> = {
  name: 'no-plaintext-secrets',
  description:
    'Variables and arguments of containers, and ConfigMaps, hold no passwords, tokens or keys: these come out of Secrets.',
  defaults: {},
  check(resource) {
    return [...containerProblems(resource), ...configMapProblems(resource)];
  },
};

function containerProblems(resource: CheckedResource): readonly string[] {
  return containersOf(resource).flatMap((container) => {
    const name = String(field(container, 'name'));
    const variables = variablesOf(container).flatMap(([variable, value]) =>
      suspicions(variable, value).map(
        (what) =>
          `${describe(resource)}, container ${name}: variable ${variable} is ${what}; put it into a Secret and refer to it with valueFrom.secretKeyRef`,
      ),
    );
    const words = ['command', 'args']
      .flatMap((key) => texts(field(container, key)))
      .flatMap((word) => {
        const [, flag = '', value = word] = FLAG.exec(word) ?? [];
        return suspicions(flag, value).map(
          (what) =>
            `${describe(resource)}, container ${name}: argument ${flag === '' ? '' : `--${flag} `}is ${what}; put it into a Secret, and mount that or refer to it in a variable`,
        );
      });
    return [...variables, ...words];
  });
}

function variablesOf(container: unknown): readonly (readonly [string, string])[] {
  return entries(field(container, 'env')).flatMap(([, variable]) => {
    const [name, value] = [field(variable, 'name'), field(variable, 'value')];
    return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [];
  });
}

function configMapProblems(resource: CheckedResource): readonly string[] {
  if (kindOf(resource) !== 'core/ConfigMap') return [];
  return entries(resource.props['data']).flatMap(([key, value]) =>
    typeof value !== 'string'
      ? []
      : suspicions(key, value).map(
          (what) => `${describe(resource)}: data[${JSON.stringify(key)}] is ${what}; put it into a Secret`,
        ),
  );
}

/** What a value is taken for; at most one. */
function suspicions(name: string, value: string): readonly string[] {
  const found = SECRET_VALUES.find(([, pattern]) => pattern.test(value));
  if (found) return [found[0]];
  return SECRET_NAME.test(name) && !NO_SECRET.test(value) ? ['a secret by its name'] : [];
}
