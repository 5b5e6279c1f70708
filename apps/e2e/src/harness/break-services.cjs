// Loaded into each service of a stack before its own code: what a spec cannot bring about from outside. The services know nothing of
// it. It reads files of the folder BREAK_SERVICES_DIR, so that a spec can change its mind while they run.
const { existsSync, readFileSync, renameSync } = require('node:fs');
const { basename, join } = require('node:path');

const folder = process.env.BREAK_SERVICES_DIR;
const service = basename(process.cwd());
const intake = join(__dirname, '../../../../libs/platform/messaging/dist/intake');

/** `<service>.crash` names a topic and a step of the intake: who comes there first is killed. */
function dieAtSteps() {
  const { nobodyObserves } = require(join(intake, 'observer.js'));
  const order = join(folder, `${service}.crash`);
  nobodyObserves.at = async (step, { topic }) => {
    if (!existsSync(order)) return;
    const wanted = JSON.parse(readFileSync(order, 'utf8'));
    if (wanted.step !== step || wanted.topic !== topic) return;
    try {
      renameSync(order, `${order}ed`);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      return;
    }
    process.kill(process.pid, 'SIGKILL');
  };
}

/** `<service>.forgetful`: as if the broker did not give the metadata of commits back. */
function forgetMetadata() {
  const { prototype } = require(join(intake, 'group-offsets.js')).GroupOffsets;
  const { ofTopic } = prototype;
  prototype.ofTopic = async function ofTopicOfForgetfulBroker(topic) {
    const found = await ofTopic.call(this, topic);
    if (!existsSync(join(folder, `${service}.forgetful`))) return found;
    return new Map([...found].map(([partition, known]) => [partition, { ...known, committed: withoutMetadata(known) }]));
  };
}

function withoutMetadata({ committed }) {
  return committed === null ? null : { ...committed, metadata: '' };
}

if (['export-orchestrator', 'klaviyo-sink'].includes(service) && basename(process.argv[1] ?? '') === 'main.js') {
  dieAtSteps();
  forgetMetadata();
}
