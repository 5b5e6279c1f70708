/** How this service is called in logs, spans, consumer groups, leases and messages. */
export const serviceName = 'export-orchestrator';
