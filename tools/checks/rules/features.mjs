import { importVisitors, pathInClone, targetInClone } from './imports.mjs';

const SPEC = /\.spec\.ts$|\/src\/testing\//;
const IN_APP = /^(apps\/([^/]+)\/src)\/(.+)$/;

/**
 * A folder of a service is a feature. It may take what another feature's index.ts names, if that one stands before it in the order of
 * its service, so that there are no circles; it never reaches into another's files, and of the service's own files it sees only those
 * in `open`. What is `pure` is free of frameworks and of input and output, and imports nothing of its feature that is not.
 */
export function features({ order, open, pure, purePackages }) {
  return {
    meta: {
      type: 'problem',
      schema: [],
      messages: {
        unknown: '{{feature}}/ is not in the order of features (tools/checks/rules/architecture.mjs)',
        file: '{{target}} belongs to another feature: import what its index.ts names',
        order: '{{feature}}/ comes before {{other}}/ in the order of features and may not import it',
        wiring: '{{target}} is wiring: no feature imports it',
        package: '{{feature}}/{{name}} is free of frameworks and of input and output: {{source}} is none of its business',
        impure: '{{feature}}/{{name}} is free of input and output, and {{target}} is not',
      },
    },
    create(context) {
      const file = pathInClone(context.filename);
      const [, src, app, place] = IN_APP.exec(file) ?? [];
      const known = order[app];
      if (known === undefined || SPEC.test(file) || !place.includes('/')) return {};
      const [feature] = place.split('/');
      const name = place.slice(feature.length + 1).replace(/[.]ts$/, '');
      const pureNames = pure[app]?.[feature] ?? [];
      const isPure = pureNames.includes(name);
      const report = (node, messageId, data) => context.report({ node, messageId, data });
      return {
        Program: (node) => {
          if (!known.includes(feature) && feature !== 'migrations') report(node, 'unknown', { feature });
        },
        ...importVisitors(({ node, source }) => {
          const target = targetInClone(context.filename, source);
          if (target === null && isPure && !purePackages.test(source)) report(node, 'package', { feature, name, source });
          if (!target?.startsWith(`${src}/`)) return;
          const [other, ...inside] = target.slice(src.length + 1).split('/');
          if (other === feature) {
            if (isPure && !pureNames.includes(inside.join('/'))) report(node, 'impure', { feature, name, target });
            return;
          }
          if (!known.includes(other)) {
            if (inside.length > 0 || !open.includes(other)) report(node, 'wiring', { target });
          } else if (inside.length > 0 && inside.join('/') !== 'index') report(node, 'file', { target });
          else if (known.indexOf(other) > known.indexOf(feature)) report(node, 'order', { feature, other });
        }),
      };
    },
  };
}
