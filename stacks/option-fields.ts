import { z } from 'zod';

const DURATION = 'write a duration like 15s, 5m or 1m30s';

/** A length of time that Go and Prometheus read alike. */
export function duration(initial: string, what: string) {
  return z
    .string()
    .regex(/^(?=\d)(\d+h)?(\d+m)?(\d+s)?$/, DURATION)
    .refine((text) => /[1-9]/.test(text), 'must be longer than zero')
    .default(initial)
    .describe(what);
}

/** Whole requests a second; 0 for none. */
export function requestRate(initial: number, what: string) {
  return z.int('write a whole number').min(0, 'a rate cannot be negative').default(initial).describe(what);
}

/** A number above zero that metrics can express: they are exact to the thousandth. */
export function metricTarget(initial: number, what: string) {
  return z.number().min(0.001, 'a target must be at least 0.001').default(initial).describe(what);
}

/** How many of something: at least one. */
export function count(initial: number, what: string) {
  return z.int('write a whole number').min(1, 'must be at least 1').default(initial).describe(what);
}

/** A full version without a leading `v`. */
export function version(initial: string, what: string) {
  return z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'write a full version such as 1.2.3')
    .default(initial)
    .describe(what);
}

/** The name of a cluster, as every provider accepts it. */
export function clusterName(initial: string) {
  return z
    .string()
    .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, 'write up to 40 lower-case letters, digits and hyphens')
    .default(initial)
    .describe('name of the cluster');
}

/** An image with a tag. */
export function image(initial: string, what: string) {
  return z
    .string()
    .regex(/^[\w./:-]+:\w[\w.-]*$/, 'write REPOSITORY:TAG')
    .default(initial)
    .describe(what);
}

/** A registry that the project's own images are pushed to; empty for none, which no cluster far away can pull from. */
export function registry(
  what = "registry for the project's own images, such as registry.example.com:5000/team",
) {
  return z
    .string()
    .regex(
      /^$|^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9.-]+(?=:))(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/i,
      'write HOST[:PORT][/PATH] without https://, such as registry.example.com:5000/team',
    )
    .default('')
    .describe(what);
}
