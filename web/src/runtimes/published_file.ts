/** A file that the build published for the page and the twin. */
export interface PublishedFile {
  /** Beside the manifest. */
  readonly file: string;
  /** In bytes, not compressed. */
  readonly size: number;
}
