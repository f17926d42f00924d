/** What an exchange costs on the wire: everything that this process's TCP connections carried meanwhile, both ways. */
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const sockets = new Set<Socket>()

/** From now on connections are counted; before any is opened. */
export function watchSockets(): void {
  for (const name of ['net.client.socket', 'net.server.socket']) {
    subscribe(name, (message) => {
      sockets.add((message as { socket: Socket }).socket)
    })
  }
}

/** Does one exchange after the other and resolves with the bytes of each. */
export async function bytesOfEach(
  count: number,
  exchange: () => Promise<unknown>,
): Promise<number[]> {
  const bytes: number[] = []
  for (let i = 0; i < count; i++) {
    const before = carried()
    await exchange()
    bytes.push(carried() - before)
  }
  return bytes
}

/** Bytes both ways since `watchSockets`. */
export function carried(): number {
  let sum = 0
  for (const { bytesRead, bytesWritten } of sockets) sum += bytesRead + bytesWritten
  return sum
}
