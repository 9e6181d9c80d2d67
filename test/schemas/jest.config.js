const base = require('../../jest.config.js');

/** Manifests against the schemas of Kubernetes and of the CRDs; needs Go, which fetches the modules that hold them. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/schemas'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
  maxWorkers: 1,
};
