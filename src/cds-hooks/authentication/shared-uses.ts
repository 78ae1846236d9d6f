/** Where all processes note the JWTs that were here, and which outlives each of them. */
export interface SharedUses {
  /**
   * Uses one up, and settles in the end. Of any number of uses, at however many processes, one alone is the first.
   *
   * @param digest of client and `jti`: 22 characters of base64url
   * @throws {Error} rejects, if it cannot tell: it may have noted the use or not.
   */
  use(digest: string, expiresAt: Date): Promise<'first' | 'again'>;
}
