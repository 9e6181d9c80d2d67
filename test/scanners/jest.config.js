const base = require('../../jest.config.js');

/** Other people's scanners over the manifests of every stack; needs Go, which builds them and fetches the schemas. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/scanners'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
  maxWorkers: 1,
};
