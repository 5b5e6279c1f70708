import { join } from 'node:path';
import { messagesPage } from './messages-table';
import { settingsPage } from './settings-table';

const docs = join(__dirname, '../../../../docs');

export function generatedPages(): { file: string; text: string }[] {
  return [
    { file: join(docs, 'messages.md'), text: messagesPage() },
    { file: join(docs, 'settings.md'), text: settingsPage() },
  ];
}
