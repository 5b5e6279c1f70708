/** Hints that some connection changed. One may be lost, so a listener also looks by itself. */
export abstract class ChangeSignal {
  /** Resolves to the function that ends the listening. */
  abstract listen(listener: () => void): Promise<() => void>;
}
