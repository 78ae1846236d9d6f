/** The page that explains a card; a client with an overlay of its own gets pages that say the same as its cards. */
export function evidenceUrl(publicUrl: string, cardId: string, client: string | undefined): string {
  const query = client === undefined ? '' : `?site=${encodeURIComponent(client)}`;
  return `${publicUrl}/evidence/${cardId}${query}`;
}
