/** An export as this service hears of it: enough to say what uses a connection. */
export interface KnownExport {
  id: string;
  version: number;
  name: string;
  connectionId: string | null;
  removed: boolean;
}
