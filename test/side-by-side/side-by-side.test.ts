import { documentedConfigurations, generatedConfigurations } from './configurations';
import { KNOWN_DIFFERENCES } from './differences';
import { fixedConfigurations } from './fixed-configurations';
import { reportText } from './report';
import { SideBySide } from './side-by-side';

/** Enough for each form of configuration and request to be among them. */
const GENERATED = 50;
const GENERATED_FOR_ITSELF = 10;
const SEED = 20_261_126;

test('prometheus-adapter beside itself: no difference is made by the comparison', async () => {
  const pair = await SideBySide.start('upstream');
  try {
    const outcome = await pair.compare(generatedConfigurations(GENERATED_FOR_ITSELF, SEED));
    process.stdout.write(`  ${reportText(outcome)}\n`);
    expect(outcome.findings.map(({ what }) => what)).toEqual([]);
    expect([...outcome.known.values()].every((count) => count === 0)).toBe(true);
    expect(outcome.values).toBeGreaterThan(10);
  } finally {
    await pair.stop();
  }
});

test('the adapter beside prometheus-adapter: it differs only where it is meant to', async () => {
  const documented = documentedConfigurations();
  expect(documented.length).toBeGreaterThan(15);
  const fixed = fixedConfigurations();
  const pair = await SideBySide.start('ours');
  try {
    const generated = generatedConfigurations(GENERATED, SEED);
    const outcome = await pair.compare([...fixed, ...documented, ...generated]);
    process.stdout.write(`  ${reportText(outcome)}\n`);
    expect(outcome.findings.map(({ what }) => what)).toEqual([]);
    expect(outcome.configurations).toBe(fixed.length + documented.length + GENERATED);
    // A comparison of errors alone would find nothing either.
    expect(outcome.values).toBeGreaterThan(200);
    // What does not differ any more is not to be listed any more.
    expect(KNOWN_DIFFERENCES.filter(({ name }) => outcome.known.get(name) === 0)).toEqual([]);
  } finally {
    await pair.stop();
  }
});
