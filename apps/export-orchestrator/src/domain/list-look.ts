import type { RunReason } from '@courier/contracts';
import type { ExportRecord } from './export';

/** What is known of a list of a connection after a look at it. */
export type ListLook =
  | { kind: 'found'; name: string | null }
  | { kind: 'not_found' }
  /** Nobody could say: it may exist or not. */
  | { kind: 'unknown'; problem: RunReason };

const notFound: RunReason = {
  code: 'list_not_found',
  detail: 'The Klaviyo account has no such list.',
  remedy: 'Choose one of the lists of the connection.',
};

/** The look as the export keeps it. */
export function listFacts(look: ListLook): Pick<ExportRecord, 'listName' | 'listChecked' | 'listProblem'> {
  switch (look.kind) {
    case 'found':
      return { listName: look.name, listChecked: true, listProblem: null };
    case 'not_found':
      return { listName: null, listChecked: false, listProblem: notFound };
    case 'unknown':
      return { listName: null, listChecked: false, listProblem: look.problem };
  }
}
