/**
 * kafkajs 2.2.4 re-arms a one-millisecond timer for ever to look at a queue that is empty nearly always (about 900 timers a second and
 * 2.7 % of a core for one idle producer), with a negative time that Node prints a warning about. With requests pending nothing changes.
 */
export function mendRequestQueue(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests(): void; pending: unknown[]; mended?: true };
  };
  if (prototype.mended) return;
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: typeof prototype) {
    if (this.pending.length > 0) original.call(this);
  };
  prototype.mended = true;
}
