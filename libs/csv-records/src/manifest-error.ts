/** What a manifest says cannot be used. Its message quotes no value of the manifest. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';

  constructor(
    readonly code: 'unreadable' | 'entity_missing' | 'not_supported',
    message: string,
  ) {
    super(message);
  }
}
