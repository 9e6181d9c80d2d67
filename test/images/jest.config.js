const base = require('../../jest.config.js');

/** Images, built and started; needs root, Go, and of Debian buildah, runc, mmdebstrap and util-linux. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/images'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/images/build.ts',
  testTimeout: 120_000,
  maxWorkers: 1,
};
