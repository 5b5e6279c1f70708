# sh tools/stack/own-node.sh <program> [arguments]
# Becomes the program, with the Node of this clone first on its PATH: for `node` itself and for whatever begins with `env node` (nx,
# jest, tsc, eslint). Every script of package.json goes this way, because npm 10 links no node_modules/.bin/node and would leave them
# to the system's Node, however old that is. In sh, since no Node can become another one: the process, its signals and its exit
# code stay the caller's.
minimum=24
root=$(cd "$(dirname "$0")/../.." && pwd)

# npm installs the one that is made for this machine. One that does not run here (another C library) does not count.
for own in "$root"/node_modules/node-*-*/bin/node; do
  if "$own" --version >/dev/null 2>&1; then
    PATH=${own%/node}:$root/node_modules/.bin:$PATH
    exec "$@"
  fi
done

found=$(node --version 2>/dev/null)
major=${found#v}
if [ "${major%%.*}" -ge "$minimum" ] 2>/dev/null; then
  PATH=$root/node_modules/.bin:$PATH
  exec "$@"
fi
if [ -d "$root/node_modules" ]; then
  echo "npm has installed no Node that runs on this machine, and the system's is ${found:-missing}. Install Node $minimum or newer, or run: npm ci --include=optional" >&2
else
  echo "The npm packages are not installed yet. Run: npm start" >&2
fi
exit 1
