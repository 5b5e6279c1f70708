/** What the use cases need to know of this deployment. */
export abstract class Settings {
  abstract readonly profileLimitCeiling: number;
}
