// Lets a child process of a test run TypeScript sources, compiled with the build's own settings; a build never loads it.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformFileSync } = require('@swc/core');

const settings = JSON.parse(readFileSync(join(__dirname, '../../../../.swcrc'), 'utf8'));
delete settings.$schema;

require.extensions['.ts'] = (module, file) => {
  module._compile(transformFileSync(file, { ...settings, swcrc: false, sourceMaps: 'inline' }).code, file);
};
