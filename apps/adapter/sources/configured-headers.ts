import { validateHeaderName, validateHeaderValue } from 'node:http';
import { messageOf, UsageError } from '../../../core/errors';
import type { SourceSettings } from '../../../core/rules/sources';
import type { Headers } from './exchange';

/** Tenant of Mimir, Cortex and Thanos; no secret. */
export const TENANT_HEADER = 'x-scope-orgid';

/** What HTTP itself decides about. Upstream's client does not send these either. */
const OWN: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'content-type', 'expect', 'host', 'keep-alive'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/**
 * The headers that each request to a source has, in lower case.
 * @throws UsageError for one that HTTP does not allow, without its value, which may be a secret
 */
export function configuredHeaders({ headers, tenant }: SourceSettings, what: string): Headers {
  const own = headers.map(([name, value]) => [checked(name, value, what), value] as const);
  const all =
    tenant === undefined
      ? own
      : [...own.filter(([name]) => name !== TENANT_HEADER), tenantHeader(tenant, what)];
  return all.filter(([name]) => !OWN.has(name));
}

function tenantHeader(tenant: string, what: string): readonly [string, string] {
  return [checked(TENANT_HEADER, tenant, what), tenant];
}

function checked(name: string, value: string, what: string): string {
  try {
    validateHeaderName(name);
  } catch (error) {
    throw new UsageError(`${what}: header: ${messageOf(error)}`);
  }
  try {
    validateHeaderValue(name, value);
  } catch {
    throw new UsageError(`${what}: header ${name}: its value has characters that HTTP does not allow`);
  }
  return name.toLowerCase();
}
