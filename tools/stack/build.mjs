import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './child.mjs';
import { withLock } from './lock.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * No daemon, no cloud, no terminal pictures, no plugin workers: one-shot commands gain nothing from them, and the daemon and the
 * workers leave our process group and would outlive a build that is broken off.
 */
export const nxEnvironment = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_ISOLATE_PLUGINS: 'false',
};

const stamp = join(root, '.cache/built');

/** Builds the named projects, or all; what did not change comes from Nx' cache. Builds of one clone never overlap. */
export function build(projects = []) {
  return withLock(
    join(root, '.cache/build.lock'),
    () => {},
    async () => {
      // Nx without its daemon puts every output anew, also when nothing changed: that would pull the files away under a running stack.
      const found = fingerprint();
      if (existsSync(stamp) && readFileSync(stamp, 'utf8') === found) return 0;
      const code = await runNx(projects);
      if (code === 0 && projects.length === 0) writeFileSync(stamp, fingerprint());
      return code;
    },
  );
}

async function runNx(projects) {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const chosen = projects.length > 0 ? ['-p', projects.join(',')] : [];
  let output = '';
  const code = await run(process.execPath, [nx, 'run-many', '-t', 'build', ...chosen, '--parallel=2', '--outputStyle=static'], {
    cwd: root,
    env: nxEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
    onSpawn: (child) => [child.stdout, child.stderr].forEach((stream) => stream.on('data', (text) => (output += text))),
  });
  if (code !== 0) process.stderr.write(output);
  return code;
}

/** Of everything that a build reads or writes, by size and time of change. */
function fingerprint() {
  const projects = globSync('{apps,libs,libs/platform,tools}/*/package.json', { cwd: root });
  const folders = projects.map((file) => file.replace('package.json', ''));
  const files = globSync(
    folders.flatMap((folder) => [`${folder}src/**/*`, `${folder}dist/**/*`]),
    { cwd: root },
  );
  const hash = createHash('sha256');
  for (const file of [...projects, ...files, '.swcrc', 'package-lock.json', 'tsconfig.base.json'].sort()) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
