/**
 * Puts something between a server of the stack and its clients: given the server's port, it answers the port that clients are to use.
 * Specs spoil the network there.
 */
export type Detour = (port: number) => Promise<number>;
