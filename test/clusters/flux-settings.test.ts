import { createHash } from 'node:crypto';
import { defaultKnownHosts, mentionsHost, parseGitUrl } from '../../constructs/clusters/flux/git-host';
import { fluxSettings } from '../../constructs/clusters/flux/settings';

const GITHUB = 'ssh://git@github.com/owner/fleet';
const OWN_HOST = 'ssh://git@git.example.com:2222/owner/fleet.git';

function problems(settings: Readonly<Record<string, unknown>>): string[] {
  const { error } = fluxSettings.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('settings of Flux', () => {
  it('leave it out by default', () => {
    expect(fluxSettings.parse({})).toEqual({
      flux: false,
      gitBranch: 'main',
      gitInterval: '5m',
      fluxVersion: '2.18.3',
    });
  });

  it('are all described', () => {
    for (const [key, schema] of Object.entries(fluxSettings.shape)) {
      expect(`${key} ${schema.description ?? ''}`).toMatch(/ .{10}/);
    }
  });

  it('need a repository for it', () => {
    expect(problems({ flux: true })).toEqual([
      'gitUrl: is missing: name the repository, ssh://git@HOST/OWNER/REPOSITORY',
    ]);
    expect(problems({ flux: true, gitUrl: GITHUB })).toEqual([]);
  });

  it.each([
    ['git@github.com:owner/fleet', 'gitUrl: write it as an address: ssh://git@github.com/owner/fleet'],
    [
      'https://github.com/owner/fleet',
      'gitUrl: a deploy key works with SSH alone: write ssh://git@HOST/OWNER/REPOSITORY',
    ],
    ['ssh://github.com/owner/fleet', 'gitUrl: write ssh://git@HOST/OWNER/REPOSITORY'],
    ['ssh://git@github.com', 'gitUrl: write ssh://git@HOST/OWNER/REPOSITORY'],
    ['github.com/owner/fleet', 'gitUrl: write ssh://git@HOST/OWNER/REPOSITORY'],
  ])('refuse the address %s', (gitUrl, problem) => {
    expect(problems({ flux: true, gitUrl })).toEqual([problem]);
  });

  it('need the keys of a host that is not known', () => {
    const [problem = ''] = problems({ flux: true, gitUrl: OWN_HOST });
    expect(problem).toMatch(/^gitKnownHosts: is missing: the key of git\.example\.com is not known here/);
    expect(problem).toContain('ssh-keyscan -p 2222 git.example.com');
    const gitKnownHosts = '[git.example.com]:2222 ssh-ed25519 AAAA';
    expect(problems({ flux: true, gitUrl: OWN_HOST, gitKnownHosts })).toEqual([]);
  });

  it('refuse keys of another host', () => {
    expect(
      problems({ flux: true, gitUrl: OWN_HOST, gitKnownHosts: 'git.example.com ssh-ed25519 AAAA' }),
    ).toEqual(['gitKnownHosts: has no key of [git.example.com]:2222, the host of gitUrl']);
  });

  it.each([
    [{ gitPath: '/clusters' }, /^gitPath: write a path below/],
    [{ gitPath: 'clusters/../..' }, /^gitPath: must not leave the repository/],
    [{ gitBranch: 'a b' }, /^gitBranch: not the name of a branch/],
    [{ gitInterval: '5' }, /^gitInterval: write a duration/],
    [{ fluxVersion: '2.x' }, /^fluxVersion: write a full version/],
  ])('refuse %j', (settings, problem) => {
    const [first = '', ...more] = problems({ flux: true, gitUrl: GITHUB, ...settings });
    expect(first).toMatch(problem);
    expect(more).toEqual([]);
  });
});

describe('hosts of Git repositories', () => {
  it('are read from addresses', () => {
    expect(parseGitUrl(GITHUB)).toEqual({ name: 'github.com', port: undefined });
    expect(parseGitUrl(OWN_HOST)).toEqual({ name: 'git.example.com', port: '2222' });
    expect(parseGitUrl('ssh://git@GitHub.com:22/owner/fleet')).toEqual({
      name: 'github.com',
      port: undefined,
    });
  });

  it('are recognized by the key that GitHub publishes the fingerprint of', () => {
    const [, type, key = ''] = defaultKnownHosts({ name: 'github.com', port: undefined })?.split(' ') ?? [];
    const fingerprint = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
    expect(type).toBe('ssh-ed25519');
    expect(fingerprint).toBe('+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU=');
    expect(defaultKnownHosts({ name: 'github.com', port: '443' })).toBeUndefined();
  });

  it('are found in lists of several names, and may be hashed, but not in comments', () => {
    const host = { name: 'git.example.com', port: undefined };
    expect(mentionsHost('# a comment\n\ngit.example.com,192.0.2.1 ssh-rsa AAAA', host)).toBe(true);
    expect(mentionsHost('|1|c2FsdA==|aGFzaA== ssh-ed25519 AAAA', host)).toBe(true);
    expect(mentionsHost('# git.example.com:22 SSH-2.0-OpenSSH', host)).toBe(false);
    expect(mentionsHost('git.example.com', host)).toBe(false);
  });
});
