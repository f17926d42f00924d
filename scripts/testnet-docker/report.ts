import type { Usage } from './engine.ts'
import type { Recovery } from './kill.ts'
import type { Account } from './ledger.ts'
import type { Meeting } from './meet.ts'
import type { RoomAccount } from './room-ledger.ts'

export interface Report {
  readonly engine: string
  readonly compose: string
  readonly containers: number
  readonly peers: number
  readonly imageBytes: number
  /** From `up` until every container was healthy. */
  readonly healthyMs: number
  readonly meeting: Meeting
  readonly pairsMs: number
  readonly pairTexts: number
  readonly room: RoomAccount
  readonly recovery: Recovery
  readonly account: Account
  readonly usage: readonly Usage[]
}

/** What is not as it must be, a line each; none is success. */
export function problemsOf({ peers, meeting, room, account }: Report): string[] {
  const shown = (what: readonly { readonly text: string }[]): string =>
    what
      .slice(0, 5)
      .map(({ text }) => `“${text}”`)
      .join(', ')
  return [
    ...(meeting.registered < peers ? [`${peers - meeting.registered} peers have no name`] : []),
    ...(meeting.found < meeting.lookups
      ? [`${meeting.lookups - meeting.found} of ${meeting.lookups} look-ups found nobody`]
      : []),
    ...(room.missed.length > 0
      ? [`not heard in the room: ${room.missed.length}, such as ${room.missed[0] ?? ''}`]
      : []),
    ...(room.doubled.length > 0 ? [`heard twice in the room: ${room.doubled.length}`] : []),
    ...(account.lost.length > 0
      ? [`lost: ${account.lost.length}, such as ${shown(account.lost)}`]
      : []),
    ...(account.doubled.length > 0
      ? [`doubled: ${account.doubled.length}, such as ${shown(account.doubled)}`]
      : []),
    ...(account.accepted === 0 ? ['nothing was said'] : []),
  ]
}

/** For people. */
export function summary(report: Report): string {
  const { meeting, room, account, recovery, usage } = report
  const mib = usage.map(({ memoryBytes }) => memoryBytes / 2 ** 20)
  const mean = mib.reduce((sum, one) => sum + one, 0) / Math.max(1, mib.length)
  const rows: readonly (readonly [string, string])[] = [
    ['engine', `${report.engine}, ${report.compose}`],
    ['image', `${(report.imageBytes / 1e6).toFixed(0)} MB`],
    ['healthy', `${report.containers} containers in ${seconds(report.healthyMs)}`],
    ['memory', `${mean.toFixed(0)} MiB a container, ${Math.max(0, ...mib).toFixed(0)} at most`],
    ['registered', `${meeting.registered} of ${report.peers}`],
    [
      'found by name',
      `${meeting.found} of ${meeting.lookups}, ${meeting.foundAtOnce} at the first try, median ${meeting.medianMs.toFixed(0)} ms`,
    ],
    ['in pairs', `${report.pairTexts} messages in ${seconds(report.pairsMs)}`],
    ['in the room', `${room.heard} of ${room.expected} heard`],
    ['killed', `${recovery.killed.length}: ${recovery.killed.join(', ')}`],
    ['arrived', `${seconds(recovery.settledMs)} after the last word`],
    [
      'messages',
      `${account.accepted} taken, ${account.acknowledged} acknowledged, ${account.stored} stored, ${account.lost.length} lost, ${account.doubled.length} doubled`,
    ],
  ]
  return rows.map(([label, value]) => `${label.padEnd(15)}${value}\n`).join('')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
