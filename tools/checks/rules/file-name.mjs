import { basename } from 'node:path';
import { pathInClone } from './imports.mjs';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|mjs|cjs)$/;
const SAYS_NOTHING = /^(utils?|helpers?|common|shared|functions|misc)$/;

/** A file is named in kebab-case after what it does. */
export const fileName = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { kebab: '{{name}} is not in kebab-case', vague: '"{{part}}" says nothing: name it after what it does' },
  },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename);
        if (!KEBAB.test(name)) context.report({ node, messageId: 'kebab', data: { name } });
        const parts = pathInClone(context.filename)
          .split('/')
          .map((part) => part.split('.')[0]);
        const part = parts.find((candidate) => SAYS_NOTHING.test(candidate));
        if (part !== undefined) context.report({ node, messageId: 'vague', data: { part } });
      },
    };
  },
};
