'use strict';
/** What a registry says of a tag, by the HTTP API that all of them have (OCI Distribution). */
const { createHash } = require('node:crypto');

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const TIMEOUT_MS = 30_000;

/**
 * The digest of what a tag names now: the index of all platforms, if it has several.
 * @param reference with registry and tag, `docker.io/library/node:22-bookworm-slim`
 * @throws naming the reference, if it cannot be read, the registry does not answer, wants credentials, or does not know
 *   the tag
 */
async function resolveDigest(reference) {
  const { registry, repository, tag } = parts(reference);
  const url = `${origin(registry)}/v2/${repository}/manifests/${tag}`;
  const headers = { accept: [...INDEXES, ...MANIFESTS].join(', ') };
  let response = await request(reference, url, headers);
  if (response.status === 401) {
    const authorization = await tokenFor(
      reference,
      repository,
      response.headers.get('www-authenticate') ?? '',
    );
    response = await request(reference, url, { ...headers, authorization });
  }
  if (response.status !== 200) throw new Error(`${reference}: ${url} answers ${response.status}`);
  const digest = `sha256:${createHash('sha256').update(response.body).digest('hex')}`;
  const told = response.headers.get('docker-content-digest');
  if (told !== null && told !== digest) {
    throw new Error(`${reference}: ${url} says that its digest is ${told}, but what it sends has ${digest}`);
  }
  return digest;
}

/** A token for pulling, for nobody in particular: `Bearer realm="…",service="…"`. */
async function tokenFor(reference, repository, challenge) {
  const { realm, service, scope } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  if (!/^bearer /i.test(challenge) || realm === undefined) {
    throw new Error(
      `${reference}: its registry wants credentials ("${challenge}"); only public images can be pinned`,
    );
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope ?? `repository:${repository}:pull`);
  const { status, body } = await request(reference, url, {});
  if (status !== 200)
    throw new Error(`${reference}: ${url.origin} gives no token to anonymous callers (${status})`);
  const { token, access_token: accessToken } = JSON.parse(body.toString());
  return `Bearer ${token ?? accessToken}`;
}

async function request(reference, url, headers) {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status } = response;
    return { status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    const reason = error.cause?.code ?? error.cause?.message ?? error.message;
    throw new Error(`${reference}: ${new URL(url).host} cannot be reached (${reason})`, { cause: error });
  }
}

function parts(reference) {
  const match = /^([^/]+)\/(.+):([\w][\w.-]{0,127})$/.exec(reference);
  if (!match || !/[.:]|^localhost$/.test(match[1])) {
    throw new Error(`${reference}: write registry and tag, as in docker.io/library/node:22-bookworm-slim`);
  }
  const [, registry, repository, tag] = match;
  return { registry, repository, tag };
}

/** As Docker: registries on this machine are asked without TLS. */
function origin(registry) {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(registry)
    ? `http://${registry}`
    : `https://${registry}`;
}

module.exports = { resolveDigest };
