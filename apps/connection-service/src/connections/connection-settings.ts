/** What this feature needs to know of the deployment. */
export class ConnectionSettings {
  constructor(
    /** The highest profile limit of a connection. */
    readonly profileLimitCeiling: number,
  ) {}
}
