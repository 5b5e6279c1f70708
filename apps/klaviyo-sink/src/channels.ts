/** Notification channels inside the sink's database: hints to look at once. */
export const DELIVERIES_CHANNEL = 'deliveries';
export const CHECKS_CHANNEL = 'connection_checks';
