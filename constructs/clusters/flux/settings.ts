import { z } from 'zod';
import { durationText } from '../../../core/model/cluster';
import { defaultKnownHosts, knownHostsName, mentionsHost, parseGitUrl } from './git-host';

const name = (what: string) => z.string().regex(/^[\w./-]+$/, `not ${what}`);

const fields = z.strictObject({
  flux: z
    .boolean()
    .default(false)
    .describe('install Flux, which keeps the cluster as a Git repository has it; it needs gitUrl'),
  gitUrl: z
    .string()
    .optional()
    .describe('the repository: ssh://git@HOST/OWNER/REPOSITORY; Flux gets a deploy key for it'),
  gitBranch: name('the name of a branch').default('main').describe('its branch'),
  gitPath: z
    .string()
    .regex(/^[\w-][\w./-]*$/, 'write a path below the top of the repository, such as clusters/eks-fargate')
    .refine((path) => !path.split('/').includes('..'), 'must not leave the repository')
    .optional()
    .describe('folder of the repository that is applied; clusters/STACK by default'),
  gitInterval: durationText
    .default('5m')
    .describe('time between two looks at the repository, and between two corrections of the cluster'),
  gitKnownHosts: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe('keys of the host, as "ssh-keyscan HOST" prints them; that of github.com is known'),
  fluxVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'write a full version such as 2.18.3')
    .default('2.18.3')
    .describe('version of the chart flux2 of fluxcd-community; 2.18.3 installs Flux 2.8.5'),
});

/** Settings of Flux. */
export const fluxSettings = fields.superRefine((settings, context) => {
  for (const [key, message] of problemsOf(settings)) {
    context.addIssue({ code: 'custom', path: [key], message });
  }
});
/** See {@link fluxSettings}. */
export type FluxSettings = z.infer<typeof fields>;

function problemsOf({ flux, gitUrl, gitKnownHosts }: FluxSettings): [keyof FluxSettings, string][] {
  if (gitUrl === undefined) {
    return flux ? [['gitUrl', 'is missing: name the repository, ssh://git@HOST/OWNER/REPOSITORY']] : [];
  }
  const host = parseGitUrl(gitUrl);
  if (typeof host === 'string') return [['gitUrl', host]];
  const known = gitKnownHosts ?? defaultKnownHosts(host);
  if (known === undefined) {
    const port = host.port === undefined ? '' : `-p ${host.port} `;
    return [
      [
        'gitKnownHosts',
        `is missing: the key of ${host.name} is not known here; set it to what "ssh-keyscan ${port}${host.name}" prints, after you compared it with what the host publishes`,
      ],
    ];
  }
  if (mentionsHost(known, host)) return [];
  return [['gitKnownHosts', `has no key of ${knownHostsName(host)}, the host of gitUrl`]];
}
