import { expand } from './expansion';

const variables = new Map([
  ['VAR', 'value'],
  ['EMPTY', ''],
  ['OTHER', '$(VAR)'],
]);

it.each([
  ['$(VAR)', 'value'],
  ['a-$(VAR)-b-$(VAR)', 'a-value-b-value'],
  ['$(EMPTY)', ''],
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['$$(VAR)', '$(VAR)'],
  ['$$$(VAR)', '$value'],
  ['$VAR', '$VAR'],
  ['$(VAR', '$(VAR'],
  ['price: 5$', 'price: 5$'],
  ['$(OTHER)', '$(VAR)'],
])('%s becomes %s', (text, expected) => {
  expect(expand(text, variables)).toBe(expected);
});
