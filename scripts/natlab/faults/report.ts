import { alignRows } from '../report.ts'
import { AIM_MS, metAim, type FaultResult } from './run-fault.ts'

export function formatFaults(results: readonly FaultResult[]): string {
  const head = ['fault', 'from → to', 'path', 'ms to reconnect', 'aim', 'sent', 'lost', '']
  const rows = results.map((result) => [
    result.fault,
    `${result.from} → ${result.to}`,
    result.paths.join(' → '),
    result.reconnectMs === null ? 'never' : String(result.reconnectMs),
    describeAim(result.reconnectMs),
    String(result.sent),
    String(result.lost),
    result.summary,
  ])
  const complaints = results.flatMap(({ fault, complaints: some }) =>
    some.map((complaint) => `! ${fault}: ${complaint}\n`),
  )
  return `\n${alignRows([head, ...rows])}\n${complaints.join('')}`
}

export function formatFaultProgress({
  fault,
  reconnectMs,
  complaints,
  folder,
}: FaultResult): string {
  const time = reconnectMs === null ? 'never' : `${reconnectMs} ms`
  return [
    `${fault}: reconnected after: ${time}`,
    ...complaints.map((complaint) => `        ${complaint}`),
    ...(folder === undefined ? [] : [`        logs in ${folder}`]),
  ].join('\n')
}

export function faultsJson(results: readonly FaultResult[]): string {
  const rows = results.map(({ fault, from, to, paths, reconnectMs, sent, lost }) => ({
    ...{ fault, from, to, paths, reconnectMs, sent, lost },
  }))
  return `${JSON.stringify(rows, null, 2)}\n`
}

/** A fault that takes longer is told of, and is no failure by itself: only what is lost is. */
function describeAim(reconnectMs: number | null): string {
  return `< ${AIM_MS} ${metAim({ reconnectMs }) ? 'met' : 'MISSED'}`
}
