/**
 * Invitations: contact links, and what is kept of people whom the user turned to and never met.
 * docs/specs/contact-link.md
 *
 * Makes and reads links and remembers leads. It dials nobody (connectivity does) and does not decide who becomes a
 * contact (the conversations do).
 */
export { InvalidLinkError } from './errors.ts'
export { comparePrekeys, type Invitation } from './invitation.ts'
export { Leads } from './leads.ts'
export { ownLink } from './own-link.ts'
export { looksLikeLink, readLink } from './pasted.ts'
