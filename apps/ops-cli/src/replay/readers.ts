/** Who reads each topic that can be replayed. */
export const readers = { 'segment.refreshes': 'export-orchestrator', 'klaviyo.batches': 'klaviyo-sink' } as const;
export type Topic = keyof typeof readers;

export const usualTopic: Topic = 'segment.refreshes';
