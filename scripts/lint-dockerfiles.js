'use strict';
/** Every Dockerfile parses, and follows the rules of dockerfile-utils. */
const { readFileSync } = require('node:fs');
const { validate } = require('dockerfile-utils');
const { trackedFiles } = require('./tracked-files');

const files = trackedFiles('*Dockerfile', '*Dockerfile.*', '*.Dockerfile');
const problems = files.flatMap((file) =>
  validate(readFileSync(file, 'utf8')).map(
    ({ range, message }) => `${file}:${range.start.line + 1}: ${message}`,
  ),
);
for (const problem of problems) console.log(problem);
console.log(`${files.length} Dockerfiles, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
