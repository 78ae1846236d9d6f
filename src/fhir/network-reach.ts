/**
 * To which addresses a connection may lead, whatever name it was made under. `any`: this is not production. `public`: none that
 * is loopback, link-local, private or otherwise not of the public internet, but for the private networks in `besides` (CIDR),
 * which the operator has vouched for.
 */
export type NetworkReach = { readonly kind: 'any' } | { readonly kind: 'public'; readonly besides: readonly string[] };
