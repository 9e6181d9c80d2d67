'use strict';
/**
 * What a bundle is made of, for the image that carries it: a CycloneDX document of the packages of which code is in the
 * bundle, and their licences. Packages that are installed but not bundled are in neither. The same input gives the same
 * bytes: the document has no serial number and no time.
 *
 * node scripts/bundle-contents.js --name NAME --bundled-in FOLDER --metafile FILE --output FOLDER
 *
 * --name        of the program
 * --bundled-in  folder that esbuild ran in, to which the paths in its metafile are relative
 * --metafile    what esbuild wrote of the bundle
 * --output      gets sbom.cdx.json and licenses/PACKAGE/
 *
 * The lock file says what a package is, by the folder that it is in: of two versions of one package, both installed,
 * `npm sbom` lists only one.
 */
const { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join, relative, resolve } = require('node:path');
const { parseArgs } = require('node:util');

const root = join(__dirname, '..');
const text = { type: 'string' };
const { values } = parseArgs({ options: { name: text, 'bundled-in': text, metafile: text, output: text } });
const missing = ['name', 'bundled-in', 'metafile', 'output'].find((name) => !values[name]);
if (missing !== undefined) fail(`--${missing} is missing`);

const { packages: installed } = readJson(join(root, 'package-lock.json'));
const packages = bundledPackages(readJson(values.metafile), values['bundled-in']);
const licences = join(values.output, 'licenses');
for (const { name, version, path, only } of packages) {
  copyLicences(name, path, join(licences, only ? name : `${name}@${version}`));
}
writeFileSync(join(values.output, 'sbom.cdx.json'), `${JSON.stringify(sbom(packages), undefined, 2)}\n`);
console.log(`${packages.length} packages: ${packages.map(({ id }) => id).join(' ')}`);

/** The packages of which some byte is in the output, sorted by name and version. */
function bundledPackages({ outputs }, bundledIn) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const all = [...folders]
    .map((folder) => relative(root, resolve(bundledIn, folder)))
    .map((path) => {
      const locked = installed[path] ?? fail(`package-lock.json does not know ${path}, which is bundled`);
      const name = locked.name ?? path.replace(/^.*node_modules\//, '');
      return { ...locked, name, path, id: `${name}@${locked.version}` };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return all.map((one) => ({ ...one, only: all.filter(({ name }) => name === one.name).length === 1 }));
}

/** What a package says of its licence; Apache's text, which is the same for everybody, where it only names it. */
function copyLicences(name, path, to) {
  const from = join(root, path);
  const files = readdirSync(from).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  mkdirSync(to, { recursive: true });
  for (const file of files) copyFileSync(join(from, file), join(to, file));
  if (files.length > 0) return;
  const { license } = readJson(join(from, 'package.json'));
  if (license !== 'Apache-2.0')
    fail(`package ${name} is bundled, but has no file with its licence, ${license}`);
  copyFileSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
}

/** CycloneDX 1.5. */
function sbom(bundled) {
  const { version, license } = readJson(join(root, 'package.json'));
  const program = `${values.name}@${version}`;
  const references = new Map(bundled.map(({ path, id }) => [path, id]));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: {
        'bom-ref': program,
        type: 'application',
        name: values.name,
        version,
        licenses: [{ license: { id: license } }],
      },
    },
    components: bundled.map(component),
    dependencies: [
      { ref: program, dependsOn: [...references.values()] },
      ...bundled.map(({ path, id, dependencies = {} }) => ({
        ref: id,
        dependsOn: Object.keys(dependencies).flatMap(
          (name) => references.get(resolvedFrom(path, name)) ?? [],
        ),
      })),
    ],
  };
}

function component({ id, name, version, license, integrity }) {
  const [algorithm, digest] = integrity.split('-');
  return {
    'bom-ref': id,
    type: 'library',
    name,
    version,
    scope: 'required',
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: [
      { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') },
    ],
    licenses: [/ (OR|AND|WITH) /.test(license) ? { expression: license } : { license: { id: license } }],
  };
}

/** Where Node finds a package that the one in a folder asks for. */
function resolvedFrom(path, name) {
  for (let folder = path; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (installed[candidate] || folder === '.') return candidate;
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function fail(message) {
  process.stderr.write(`bundle-contents: ${message}\n`);
  process.exit(1);
}
