// Makes a fresh clone ready: the npm packages, then Apache Kafka's jars, and a link to the Java that runs them. It runs before anything is installed, on whatever Node
// the system has, so it depends on nothing; when everything is there it says nothing.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
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

function mayBe(mode, path) {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function onPath(program) {
  const files = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return files.find((file) => mayBe(constants.X_OK, file) && statSync(file).isFile()) ?? null;
}

/** Its major number; 0 where no Java runs there. */
function javaVersion(program) {
  const { stderr } = spawnSync(program, ['-version'], { encoding: 'utf8' });
  return Number(/version "(?:1\.)?(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

/** The PATH's, else that of JAVA_HOME. Maven looks at JAVA_HOME alone, so one that would fail there is left aside. */
function findJava() {
  const found = [onPath('java')].filter(Boolean).map((program) => ({ program, version: javaVersion(program) }));
  const { JAVA_HOME: home } = process.env;
  if (home) {
    const ofHome = { program: join(home, 'bin/java'), version: javaVersion(join(home, 'bin/java')) };
    if (ofHome.version < javaMin) {
      const held = ofHome.version > 0 ? `Java ${ofHome.version}, older than ${javaMin}` : 'no Java that runs';
      console.log(`JAVA_HOME is left aside: ${home} holds ${held}.`);
      delete process.env.JAVA_HOME;
    }
    found.push(ofHome);
  }
  return found.sort((left, right) => Number(right.version >= javaMin) - Number(left.version >= javaMin))[0];
}

function requirePrograms() {
  const missing = [];
  const java = findJava();
  if (!java?.version) missing.push('Java');
  else if (java.version < javaMin) missing.push(`Java ${javaMin} (found ${java.version})`);
  if (!existsSync(kafkaFolder()) && !onPath('mvn')) missing.push('Maven');
  if (missing.length > 0) {
    throw new Unready(
      `Missing: ${missing.join(' and ')}. Install Java ${javaMin} or newer and Maven (Debian, Ubuntu: apt-get install default-jre-headless maven).`,
    );
  }
  keepJava(java.program);
}

/** The stack starts Kafka by this link. */
function keepJava(program) {
  const link = join(cache, 'java');
  mkdirSync(cache, { recursive: true });
  if (existsSync(link) && readlinkSync(link) === program) return;
  const fresh = `${link}.${process.pid}`;
  symlinkSync(program, fresh);
  renameSync(fresh, link);
}

/** Also where the folder itself is not there yet. */
function isWritable(folder) {
  if (existsSync(folder)) return statSync(folder).isDirectory() && mayBe(constants.W_OK, folder);
  return folder !== dirname(folder) && isWritable(dirname(folder));
}

/** Another folder for what the program fetches where its usual one cannot be written to, or the account has no home; else null. */
function otherCache(program, usualFolder) {
  let folder = 'the home folder, which this account lacks';
  try {
    folder = usualFolder();
    if (isWritable(folder)) return null;
  } catch {
    // os found no home.
  }
  console.log(`${program} cannot write to ${folder}: what it fetches goes to .cache in this clone.`);
  return join(cache, program);
}

function npmCache() {
  const other = otherCache('npm', () => process.env.npm_config_cache || join(homedir(), '.npm'));
  return other === null ? [] : ['--cache', other];
}

/** Java, and so Maven, takes the home folder from the account and not from HOME. */
function mavenRepository() {
  const other = otherCache('maven', () => join(userInfo().homedir, '.m2'));
  return other === null ? [] : [`-Dmaven.repo.local=${other}`];
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
  const args = ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...npmCache()];
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  const code = npm ? await run(process.execPath, [npm, ...args], options) : await run('npm', args, options);
  if (code !== 0) throw new Unready('npm ci failed, see above. Check the network or the registry, then start again.');
  writeFileSync(marker, wantedPackages());
}

async function fetchKafka() {
  console.log('Fetching Apache Kafka from Maven Central (about half a minute, some 60 MB) ...');
  const target = kafkaFolder();
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const args = ['-q', '-B', '-ntp', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', ...mavenRepository()];
  let output = '';
  const code = await run('mvn', [...args, `-DoutputDirectory=${join(partial, 'libs')}`], {
    cwd: root,
    // In the POSIX locale Java fails at a folder with letters beyond ASCII.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
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
