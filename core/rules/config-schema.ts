import { configFile } from './file-shape';
import { type Form } from './yaml';

/** A JSON schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Everything that a Prometheus duration may be. */
const DURATION = String.raw`^(?=.)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$`;
/** Words of YAML 1.1 that readers of YAML 1.2 take for text. */
const BOOLEAN_WORDS = [
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'],
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'],
];

/**
 * A JSON schema of the configuration file for editors (draft 7, which those of YAML read). It says of each field what
 * the reader takes; what fields mean to each other, and what is a valid expression, only the reader knows.
 */
export function configSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of the metrics adapter',
    ...schemaOf(configFile.form),
  };
}

function schemaOf(form: Form): JsonSchema {
  const { description, otherwise } = form;
  const text = [description, otherwise && `Without it: ${otherwise}.`].filter(Boolean).join(' ');
  return { ...(text === '' ? {} : { description: text }), ...typeOf(form) };
}

/** Null is as good as nothing everywhere. */
function typeOf(form: Form): JsonSchema {
  switch (form.kind) {
    case 'text':
      // The reader takes any scalar as it is written.
      return { type: ['string', 'number', 'boolean', 'null'] };
    case 'duration':
      return { anyOf: [{ type: 'string', pattern: DURATION }, { const: 0 }, { type: 'null' }] };
    case 'boolean':
      return { anyOf: [{ type: ['boolean', 'null'] }, { enum: BOOLEAN_WORDS }] };
    case 'whole':
      return { type: ['integer', 'null'], minimum: form.minimum, maximum: form.maximum };
    case 'choice':
      // Readers of YAML 1.1 take the word off for false.
      return { enum: [...form.words, ...(form.words.includes('off') ? [false] : []), null] };
    case 'list':
      return { type: ['array', 'null'], items: schemaOf(form.item) };
    case 'oneOrMany':
      return { anyOf: [schemaOf(form.item), { type: 'array', items: schemaOf(form.item) }] };
    case 'record':
      return { type: ['object', 'null'], additionalProperties: schemaOf(form.item) };
    case 'struct': {
      const properties = Object.entries(form.fields).map(([name, field]) => [name, schemaOf(field)]);
      return {
        type: ['object', 'null'],
        properties: Object.fromEntries(properties),
        additionalProperties: false,
      };
    }
  }
}
