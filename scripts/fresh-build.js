'use strict';
/** For `node --require`: what is run from build/ is what the sources say. */
require('./build').ensureBuilt();
