/** Who stands for whom, as lines of styled text. */
import { dim, plain } from './paint.ts'
import type { Fingerprint, PersonTrust, VouchLink } from '../../chat/api.ts'
import type { Lines } from './human-lists.ts'
import type { Names } from './names.ts'
import type { Span } from './paint.ts'

export function trustLines(fingerprint: Fingerprint, trust: PersonTrust, names: Names): Lines {
  const name = names.of(fingerprint)
  const person = names.person(fingerprint)
  const { chain, vouchedForBy, vouchesFor, withdrawnBy, toldTo } = trust
  const lines: (readonly Span[])[] = []
  if (person?.verified === true) {
    lines.push([{ text: `You have verified ${name} yourself.`, style: 'good' }])
  }
  if (chain.length > 0) lines.push([{ text: chainText(chain, names), style: 'good' }])
  for (const link of vouchedForBy) {
    // said by the chain already
    if (link.voucher === chain.at(-1)?.voucher) continue
    const worth = names.person(link.voucher)?.verified === true ? 'verified' : 'not verified by you'
    lines.push([
      plain(`${names.of(link.voucher)} vouches for ${name}`),
      dim(` (${worth}, ${untilText(link)})`),
    ])
  }
  if (lines.length === 0) lines.push([dim(`Nobody has vouched for ${name} to you.`)])
  for (const { voucher, withdrawnAt } of withdrawnBy) {
    lines.push([
      plain(`${names.of(voucher)} no longer vouches for ${name}`),
      dim(` (taken back ${dayText(withdrawnAt)})`),
    ])
  }
  for (const link of vouchesFor) {
    lines.push([
      plain(`${name} vouches for ${names.of(link.subject)}`),
      dim(` (${link.subject}, ${untilText(link)})`),
    ])
  }
  for (const { to, expiresAt } of toldTo) {
    lines.push([
      plain(`You vouched for ${name} to ${names.of(to)}`),
      dim(` (until ${dayText(expiresAt)}; /unvouch takes it back)`),
    ])
  }
  return lines
}

/** `You verified Bob; Bob vouches for Carol; Carol vouches for Dave.` */
function chainText(chain: readonly VouchLink[], names: Names): string {
  const steps = chain.map(
    ({ voucher, subject }) => `${names.of(voucher)} vouches for ${names.of(subject)}`,
  )
  return `${[`You verified ${names.of(chain[0]?.voucher ?? '')}`, ...steps].join('; ')}.`
}

function untilText({ expiresAt }: VouchLink): string {
  return `until ${dayText(expiresAt)}`
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
