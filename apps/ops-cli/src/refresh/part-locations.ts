import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from 'commander';

// Where the parts lie that a manifest names. Customer Insights' own model.json names addresses of a lake, which may be mounted or copied
// here: the operator says where, or the parts lie below the manifest's folder as they did in the lake.

/** What lies below a URI there lies below a folder here. */
export interface Located {
  uri: string;
  folder: string;
}

/** Reads `https://account/container=/mnt/lake`; for an option that may be given several times. */
export function locatedOption(text: string, earlier: readonly Located[] | undefined): Located[] {
  const end = text.indexOf('=');
  const [uri, folder] = [text.slice(0, Math.max(0, end)), text.slice(end + 1)];
  if (wayOf(uri) === null || folder === '')
    throw new InvalidArgumentError('It must be an address and a folder: https://account/container=/mnt/lake.');
  return [...(earlier ?? []), { uri, folder }];
}

export interface Machine {
  manifestFile: string;
  /** The folders are absolute. */
  locations: readonly Located[];
  exists(file: string): boolean;
}

/** The files of all locations; null where there is none, and where several locations would lead to one file. */
export function findParts(locations: readonly string[], machine: Machine): (string | null)[] {
  const files = locations.map((location) => findPart(location, machine));
  const times = new Map<string | null, number>();
  for (const file of files) times.set(file, (times.get(file) ?? 0) + 1);
  return files.map((file) => (times.get(file) === 1 ? file : null));
}

function findPart(location: string, { manifestFile, locations, exists }: Machine): string | null {
  const base = dirname(manifestFile);
  const way = wayOf(location);
  // Without a scheme it is an absolute path, or one that counts from the manifest's folder.
  if (way === null) return existing([resolve(base, location)], exists);
  const below = locations.flatMap(({ uri, folder }) => {
    const start = wayOf(uri) ?? [];
    const isBelow = start.every((step, index) => step === way[index]);
    return isBelow ? [{ steps: start.length, file: join(folder, ...way.slice(start.length)) }] : [];
  });
  const said = below.sort((a, b) => b.steps - a.steps).map(({ file }) => file);
  if (said.length > 0) return existing(said, exists);
  if (way[0] === 'file:') return existing([localFile(location)], exists);
  // The longest end of the way that leads to a file.
  const ends = way.slice(2).map((_, index) => join(base, ...way.slice(index + 2)));
  return existing(ends, exists);
}

function existing(files: readonly string[], exists: Machine['exists']): string | null {
  return files.find((file) => file !== '' && exists(file)) ?? null;
}

/** Scheme, host and the steps of the path, as the URL parser writes them (usual ports are gone; no step leads upwards); null for what is no URI. */
function wayOf(location: string): string[] | null {
  if (!/^[A-Za-z][A-Za-z0-9+.-]+:/.test(location) || !URL.canParse(location)) return null;
  const { protocol, username, host, pathname } = new URL(location);
  const steps = pathname.split('/').filter(Boolean).map(decoded);
  return [protocol, `${username}@${host}`, ...steps.map(fileName)];
}

/** A step that hides a slash is no name of a file; nor are `.` and `..`, which the parser keeps where no slash follows the scheme. */
function fileName(step: string): string {
  return step.replaceAll(/[/\0]|^\.{1,2}$/g, '\ufffd');
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function localFile(uri: string): string {
  try {
    return fileURLToPath(new URL(uri));
  } catch {
    // Of another host, or with an encoded slash.
    return '';
  }
}

/** For people: an address of a lake may carry a signature. */
export const withoutQuery = (location: string): string => location.split(/[?#]/, 1)[0] ?? '';
