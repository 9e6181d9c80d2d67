import { fieldsMatch } from '../../../../core/adapter/api';

test('objects by their fields', () => {
  expect(fieldsMatch([], 'a', 'n')).toBe(true);
  expect(fieldsMatch([{ field: 'metadata.name', operator: '=', value: 'a' }], 'a', 'n')).toBe(true);
  expect(fieldsMatch([{ field: 'metadata.name', operator: '!=', value: 'a' }], 'a', 'n')).toBe(false);
  expect(
    fieldsMatch(
      [
        { field: 'metadata.name', operator: '=', value: 'a' },
        { field: 'metadata.namespace', operator: '=', value: 'm' },
      ],
      'a',
      'n',
    ),
  ).toBe(false);
});
