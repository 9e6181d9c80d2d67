'use strict';
const base = require('../../jest.config');

/** The model of the autoscaler against the real controllers; needs Go. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/oracle'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20 * 60_000,
  // The names of the tests have the seed that repeats them.
  verbose: true,
  // What random scenarios never reach is not proven.
  collectCoverage: true,
  coverageProvider: 'v8',
  coverageReporters: ['text', 'json'],
  coverageDirectory: 'build/oracle/coverage',
  collectCoverageFrom: [
    'core/hpa/{admission,controller}/**/*.ts',
    // The controller's choices are arbitrary there; unit tests see to it.
    '!core/hpa/controller/ambiguous-selector.ts',
  ],
  coverageThreshold: {
    './core/hpa/controller/': { branches: 100, functions: 100, lines: 100, statements: 100 },
  },
  // Go builds with all processors.
  maxWorkers: 1,
};
