import { writeFileSync } from 'node:fs';
import { generatedPages } from './generated-pages';

// npm run docs: writes the pages whose tables come from the code.
for (const { file, text } of generatedPages()) writeFileSync(file, text);
