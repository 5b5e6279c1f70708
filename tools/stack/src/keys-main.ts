import { ensureKeys } from './keys';
import { reportAndExit } from './report-error';
import { stackDir } from './workspace';

// The first step of docker-compose.yml: the keys of this installation, made once.
ensureKeys(stackDir()).catch(reportAndExit);
