'use strict';
const base = require('../../../jest.config');

/** Scrape configurations beside those of the real Prometheus Operator; needs Go, which builds it: minutes the first time. */
module.exports = {
  ...base,
  rootDir: '../../..',
  roots: ['<rootDir>/test/e2e/operator'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20 * 60_000,
  // One control plane at a time.
  maxWorkers: 1,
  verbose: true,
};
