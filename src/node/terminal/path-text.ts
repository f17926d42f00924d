/** The way to somebody, in words. */
import { linkText, localTime } from './format.ts'
import type {
  Link,
  PathTransport,
  SecureLink,
  UpgradeFailure,
  UpgradeState,
} from '../../chat/api.ts'

const TRANSPORTS: Readonly<Record<PathTransport, string>> = {
  tcp: 'TCP',
  ws: 'WebSocket',
  wss: 'WebSocket over TLS',
  webrtc: 'WebRTC',
  webtransport: 'WebTransport',
  quic: 'QUIC',
  other: 'another transport',
}

const FAILURES: Readonly<Record<UpgradeFailure, string>> = {
  'no-address': 'they told no address of their own',
  unreachable: 'nobody answers at their addresses',
  'hole-punch-failed': 'neither their addresses nor WebRTC get through the NATs between',
}

/** One line a fact; a single one where there is no session. */
export function pathLines(link: Link, nowMs: number): string[] {
  if (link.state !== 'secure') return [linkText(link)]
  return [
    `${kindText(link)} since ${localTime(link.since, nowMs)}`,
    link.multiaddr,
    ...(link.rttMs === undefined ? [] : [`round trip ${String(link.rttMs)} ms`]),
    `${bytesText(link.bytesSent ?? 0)} sent, ${bytesText(link.bytesReceived ?? 0)} received`,
    ...(link.upgrade === undefined ? [] : [upgradeText(link.upgrade, nowMs)]),
  ]
}

/** `direct, WebRTC, opened from both sides at once`. */
function kindText({ path, transport = 'other', holePunched }: SecureLink): string {
  const through = holePunched === true ? ', opened from both sides at once' : ''
  return `${path}, ${TRANSPORTS[transport]}${through}`
}

function upgradeText({ state, nextAt, reason }: UpgradeState, nowMs: number): string {
  const next =
    state === 'trying' || nextAt === undefined
      ? 'trying for a direct path now'
      : `next try for a direct path in ${String(Math.max(0, Math.ceil((nextAt - nowMs) / 1000)))} s`
  return reason === undefined ? next : `${next}: ${FAILURES[reason]}`
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
