import { type EngineOptions } from '../promql';

/** What Prometheus has behind `--enable-feature`, as far as it changes what queries answer. */
export const FEATURES = [
  'promql-experimental-functions',
  'promql-duration-expr',
  'promql-extended-range-selectors',
  'promql-binop-fill-modifiers',
  'promql-delayed-name-removal',
  'use-start-timestamps',
  'type-and-unit-labels',
] as const;
export type Feature = (typeof FEATURES)[number];

/** What a Prometheus 3.14 server without flags has on: the flag of this one does nothing any more. */
export const SERVER_FEATURES: readonly Feature[] = ['promql-duration-expr'];

/** What the engine that Prometheus runs its own scripts with has switched on (`promqltest.NewTestEngine`). */
export const TEST_ENGINE_FEATURES: readonly Feature[] = FEATURES.filter(
  (feature) => feature !== 'type-and-unit-labels',
);

const OPTION_OF = {
  'promql-experimental-functions': 'experimentalFunctions',
  'promql-duration-expr': 'durationExpressions',
  'promql-extended-range-selectors': 'extendedRangeSelectors',
  'promql-binop-fill-modifiers': 'fillModifiers',
  'promql-delayed-name-removal': 'delayedNameRemoval',
  'use-start-timestamps': 'startTimestamps',
  'type-and-unit-labels': 'typeAndUnitLabels',
} as const satisfies Readonly<Record<Feature, keyof EngineOptions>>;

/** The features as options of the engine. All others are switched off. */
export function engineOptions(features: readonly Feature[]): EngineOptions {
  return Object.fromEntries(FEATURES.map((feature) => [OPTION_OF[feature], features.includes(feature)]));
}

/**
 * Sets of features that a case may need besides those that are on: each single one, then each two, then all.
 * Small sets come first, so that the first with which a case passes is what it needs.
 */
export function additions(features: readonly Feature[]): readonly (readonly Feature[])[] {
  const off = FEATURES.filter((feature) => !features.includes(feature));
  const pairs = off.flatMap((first, index) => off.slice(index + 1).map((second) => [first, second]));
  return [...off.map((feature) => [feature]), ...pairs, ...(off.length > 2 ? [off] : [])];
}
