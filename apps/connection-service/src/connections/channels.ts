/** The notification channel inside this service's database: hints to look at once. */
export const CONNECTIONS_CHANNEL = 'connections_changed';
