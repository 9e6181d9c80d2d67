#!/usr/bin/env node
'use strict';
require('node:module').enableCompileCache?.();
require('../../scripts/build').ensureBuilt();
// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`plimsoll: the output cannot be written: ${error.message}\n`);
  process.exit(2);
});
require('../../build/cli/main')
  .main(process.argv.slice(2), process)
  .then((exitCode) => {
    process.exitCode = exitCode;
  });
