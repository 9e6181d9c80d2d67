import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { stacks } from '../../stacks';
import { readConfig } from '../../stacks/pulumi/config';
import { exampleConfig } from '../../stacks/pulumi/example';
import { settingsFor } from '../../stacks/pulumi/settings';

const ROOT = join(__dirname, '../..');
/** `UPDATE_EXAMPLES=1 npx jest test/clusters/examples` writes them anew. */
const UPDATE = process.env['UPDATE_EXAMPLES'] === '1';

const file = z.strictObject({ config: z.record(z.string(), z.unknown()) });

describe.each(stacks.map((definition) => [definition.name, definition] as const))(
  'Pulumi.%s.example.yaml',
  (name, definition) => {
    const path = join(ROOT, `Pulumi.${name}.example.yaml`);
    const text = exampleConfig(definition);

    it('is what the options and settings say', () => {
      if (UPDATE) writeFileSync(path, text);
      expect(readFileSync(path, 'utf8')).toBe(text);
    });

    it('has every setting, and its values are the defaults', () => {
      const { config } = file.parse(parse(text));
      const { provider } = definition.define(definition.options.parse({})).cluster;
      const shapes = [definition.options, ...settingsFor(provider)].map(({ shape }) => shape);
      for (const key of shapes.flatMap((shape) => Object.keys(shape)))
        expect(text).toContain(`plimsoll:${key}: `);
      const values = new Map(
        Object.entries(config).map(([key, value]) => [
          key.replace(/^plimsoll:/, ''),
          { text: typeof value === 'string' ? value : JSON.stringify(value), secret: false },
        ]),
      );
      const given = readConfig(name, values).stack;
      const standard = readConfig(name, new Map()).stack;
      expect(JSON.stringify(given)).toBe(JSON.stringify(standard));
    });
  },
);
