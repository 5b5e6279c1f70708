import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The linted file's path below the root of the clone, with forward slashes. */
export function pathInClone(file) {
  return relative(root, file).replaceAll('\\', '/');
}

/** Where a relative import leads, below the root of the clone and without its ending; null for a package. */
export function targetInClone(file, source) {
  return source.startsWith('.') ? pathInClone(resolve(dirname(file), source)) : null;
}

/**
 * Visitors that call `visit({ node, source, names, typeOnly })` for every way in which a file can name another module: import,
 * export from, import(), require() and the type import('...'). `names` is null where the whole module is taken.
 */
export function importVisitors(visit) {
  const literal = (node) => (node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null);
  const found = (node, source, names, typeOnly) => {
    if (source !== null) visit({ node, source, names, typeOnly });
  };
  return {
    ImportDeclaration: (node) => found(node, literal(node.source), importedNames(node), isTypeOnly(node)),
    ExportNamedDeclaration: (node) => found(node, literal(node.source), exportedNames(node), node.exportKind === 'type'),
    ExportAllDeclaration: (node) => found(node, literal(node.source), null, node.exportKind === 'type'),
    ImportExpression: (node) => found(node, literal(node.source), null, false),
    TSImportType: (node) => found(node, literal(node.source ?? node.argument?.literal), null, true),
    TSExternalModuleReference: (node) => found(node, literal(node.expression), null, false),
    'CallExpression[callee.name="require"]': (node) => found(node, literal(node.arguments[0]), null, false),
  };
}

function importedNames({ specifiers }) {
  const named = specifiers.every((specifier) => specifier.type === 'ImportSpecifier');
  return named && specifiers.length > 0 ? specifiers.map(({ imported }) => imported.name ?? imported.value) : null;
}

function exportedNames({ specifiers }) {
  return specifiers.map(({ local }) => local.name ?? local.value);
}

function isTypeOnly({ importKind, specifiers }) {
  return importKind === 'type' || (specifiers.length > 0 && specifiers.every((specifier) => specifier.importKind === 'type'));
}
