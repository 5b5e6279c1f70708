import { importVisitors, pathInClone, targetInClone } from './imports.mjs';

const SPEC = /\.spec\.ts$|\/src\/testing\//;
const IN_APP = /^(apps\/[^/]+\/src)\/(.+)$/;

/**
 * The direction inside an app: adapters → use-cases → domain, with ports seen by both. Specs and their harness in src/testing/ may
 * import anything; nothing may import them.
 */
export function rooms(table) {
  return {
    meta: {
      type: 'problem',
      schema: [],
      messages: {
        closed: '{{room}}/ may import only {{open}} of its app, not {{target}}',
        package: '{{room}}/ is free of frameworks and of input and output: {{source}} belongs behind a port',
        spec: '{{target}} is there for specs only',
      },
    },
    create(context) {
      const file = pathInClone(context.filename);
      if (SPEC.test(file)) return {};
      const [, app, place] = IN_APP.exec(file) ?? [];
      const room = place === undefined ? undefined : roomOf(place);
      const rules = table[room];

      const checkInside = (node, target, typeOnly) => {
        const targetRoom = roomOf(target);
        const isOpen = rules.open.includes(targetRoom) || (typeOnly && rules.openForTypes?.includes(targetRoom));
        if (!isOpen) context.report({ node, messageId: 'closed', data: { room, target, open: rules.open.join(', ') } });
      };
      return importVisitors(({ node, source, typeOnly }) => {
        const target = targetInClone(context.filename, source);
        if (target === null) {
          if (rules?.packages?.test(source) === false) context.report({ node, messageId: 'package', data: { room, source } });
          return;
        }
        if (SPEC.test(`${target}.ts`) || /\/src\/testing$/.test(target)) {
          context.report({ node, messageId: 'spec', data: { target } });
        } else if (rules !== undefined && target.startsWith(`${app}/`)) {
          checkInside(node, target.slice(app.length + 1), typeOnly);
        }
      });
    },
  };
}

function roomOf(place) {
  return place.split('/')[0];
}
