'use strict';
const base = require('../../jest.config');

/** The model of the autoscaler against the real controllers; needs Go. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/oracle'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20 * 60_000,
  // What random scenarios never reach is not proven: see oracle.test.ts.
  collectCoverage: true,
  coverageProvider: 'v8',
  coverageReporters: ['text'],
  collectCoverageFrom: ['core/hpa/**/*.ts'],
};
