'use strict';
const base = require('../../jest.config');

/** What Plimsoll models against the code of Prometheus itself; needs Go. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/conformance'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20 * 60_000,
  // The names of the tests have counts and the seeds that repeat them.
  verbose: true,
  // Go builds with all processors.
  maxWorkers: 1,
};
