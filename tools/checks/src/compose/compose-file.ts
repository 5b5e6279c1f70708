import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(__dirname, '../../../..');

export interface ComposeService {
  image?: string;
  build?: string | { context: string; target?: string };
  environment?: Record<string, string | number>;
  volumes?: string[];
  ports?: string[];
  working_dir?: string;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

/** docker-compose.yml with its anchors merged. */
export function readCompose(): ComposeFile {
  return parse(readText('docker-compose.yml'), { merge: true }) as ComposeFile;
}

export function readYaml<T>(path: string): T {
  return parse(readText(path)) as T;
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export interface Mount {
  source: string;
  target: string;
}

/** `${NAME:-fallback}` becomes its fallback, as it is without an .env file. */
export function mountsOf({ volumes = [] }: ComposeService): Mount[] {
  return volumes.map((volume) => {
    const [source = '', target = ''] = volume.replace(/\$\{\w+:-([^}]*)\}/g, '$1').split(':');
    return { source, target };
  });
}
