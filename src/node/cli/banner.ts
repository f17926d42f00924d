import type { SelfInfo } from '../../chat/api.ts'

/** What a node says of itself once it is up. The page comes last: it is what most people look for. */
export function banner(self: SelfInfo, pageUrl: string | undefined): string {
  const rows = [
    ['name', self.name ?? '(none yet: choose one on the page, or start with --name)'],
    ['fingerprint', self.fingerprint],
    ['peer id', self.peerId],
    ...self.multiaddrs.map((address, index) => [index === 0 ? 'addresses' : '', address] as const),
    ...(pageUrl === undefined ? [] : [['page', pageUrl] as const]),
  ] as const
  return rows.map(([label, value]) => `${label.padEnd(13)}${value}\n`).join('')
}
