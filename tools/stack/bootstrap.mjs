// Makes a fresh clone ready: the npm packages, then Apache Kafka's jars. It runs before anything is installed, on whatever Node
// the system has, so it depends on nothing; when everything is there it says nothing.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, stopOnSignals } from './child.mjs';
import { withLock } from './lock.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, '.cache');
const pom = join(root, 'tools/stack/pom.xml');
const marker = join(root, 'node_modules/.bootstrap');
const javaMin = 17;

const hash = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const wantedPackages = () => hash(read(join(root, 'package-lock.json')), process.platform, process.arch);
const kafkaFolder = () => join(cache, `kafka-${hash(read(pom))}`);

class Unready extends Error {}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, process.platform === 'win32' ? `${program}.exe` : program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function requirePrograms() {
  const missing = [];
  if (!onPath('java')) missing.push('Java');
  if (!existsSync(kafkaFolder()) && !onPath('mvn')) missing.push('Maven');
  if (missing.length > 0) {
    throw new Unready(
      `Missing: ${missing.join(' and ')}. Install Java ${javaMin} or newer and Maven (Debian, Ubuntu: apt-get install default-jre-headless maven).`,
    );
  }
}

function requireJavaVersion() {
  const { stderr = '' } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (major < javaMin) {
    throw new Unready(
      `Kafka needs Java ${javaMin} or newer, found ${major || 'none that runs'}. Install one (Debian, Ubuntu: apt-get install default-jre-headless).`,
    );
  }
}

/** A tree that `npm install` made counts as well: npm keeps the list of what it installed beside the packages. */
function installedAsLocked() {
  const installed = JSON.parse(read(join(root, 'node_modules/.package-lock.json')) || '{"packages":{}}').packages;
  const locked = Object.entries(JSON.parse(read(join(root, 'package-lock.json'))).packages);
  return locked.every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (!found) return Boolean(entry.optional || entry.devOptional);
    return found.version === entry.version && found.integrity === entry.integrity && existsSync(join(root, path));
  });
}

function packagesReady() {
  if (!existsSync(join(root, 'node_modules'))) return false;
  if (read(marker) === wantedPackages()) return true;
  if (!installedAsLocked()) return false;
  writeFileSync(marker, wantedPackages());
  return true;
}

async function installPackages() {
  console.log('Installing the npm packages (about half a minute, some 500 MB) ...');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  const code = npm ? await run(process.execPath, [npm, ...args], options) : await run('npm', args, options);
  if (code !== 0) throw new Unready('npm ci failed, see above. Check the network or the registry, then start again.');
  writeFileSync(marker, wantedPackages());
}

async function fetchKafka() {
  requireJavaVersion();
  console.log('Fetching Apache Kafka from Maven Central (about half a minute, some 60 MB) ...');
  const target = kafkaFolder();
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const args = ['-q', '-B', '-ntp', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime'];
  let output = '';
  const code = await run('mvn', [...args, `-DoutputDirectory=${join(partial, 'libs')}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Maven prints escape codes even when it is quiet; what it says matters only when it fails.
    onSpawn: (child) => [child.stdout, child.stderr].forEach((stream) => stream.on('data', (text) => (output += text))),
  });
  if (code !== 0) {
    process.stderr.write(output);
    throw new Unready('Maven could not fetch Kafka, see above. Check the network or ~/.m2/settings.xml, then start again.');
  }
  renameSync(partial, target);
}

async function bootstrap() {
  requirePrograms();
  if (packagesReady() && existsSync(kafkaFolder())) return;
  const onWait = () => console.log('Another start is installing in this folder; waiting for it ...');
  await withLock(join(cache, 'bootstrap.lock'), onWait, async () => {
    if (!packagesReady()) await installPackages();
    if (!existsSync(kafkaFolder())) await fetchKafka();
  });
}

stopOnSignals();
try {
  await bootstrap();
} catch (error) {
  if (!(error instanceof Unready)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
