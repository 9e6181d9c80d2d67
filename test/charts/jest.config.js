const base = require('../../jest.config.js');

/** What stacks say that charts install, against the charts as Helm renders them; needs Go, which builds Helm. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/charts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
  maxWorkers: 1,
};
