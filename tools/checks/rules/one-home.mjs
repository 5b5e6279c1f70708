import { importVisitors, pathInClone } from './imports.mjs';

/** One home per technology: a package may be imported only from the folders that the table names. */
export function oneHome(technologies) {
  return {
    meta: {
      type: 'problem',
      schema: [],
      messages: { abroad: '{{imported}} belongs in {{homes}}: {{reason}}' },
    },
    create(context) {
      const file = pathInClone(context.filename);
      const abroad = technologies.filter(({ homes }) => !homes.some((home) => home.test(file)));
      const isLoan = ({ loans = [] }, names) =>
        names !== null && loans.some((loan) => loan.to.test(file) && names.every((name) => loan.names.includes(name)));
      return importVisitors(({ node, source, names }) => {
        for (const technology of abroad.filter(({ packages }) => packages.test(source))) {
          const unwanted = technology.only === undefined ? names : (names?.filter((name) => technology.only.test(name)) ?? []);
          if (unwanted?.length === 0 || isLoan(technology, unwanted)) continue;
          const imported = unwanted === null ? source : `${unwanted.join(', ')} of ${source}`;
          context.report({ node, messageId: 'abroad', data: { imported, homes: technology.where, reason: technology.reason } });
        }
      });
    },
  };
}
