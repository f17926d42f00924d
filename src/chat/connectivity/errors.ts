/** Whoever answers at an address is not who was looked for; for somebody never met, one more way that leads nowhere. */
export class OtherPersonError extends Error {
  override name = 'OtherPersonError'
}
