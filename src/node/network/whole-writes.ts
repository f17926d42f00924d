/**
 * `@chainsafe/libp2p-noise` hands a connection each message in pieces, its two bytes of length apart from the rest, and
 * transports write piece by piece: two calls into the system, two TCP segments or WebSocket messages, and a reader that is
 * woken for two bytes. In one piece a message costs half of that, and a copy that is cheap beside any call.
 */
import { LengthPrefixedDecoder } from '@libp2p/utils'
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'

/** Of a message in Noise: u16, big-endian. */
const LENGTH_BYTES = 2

/** An encrypter of connections that writes each message whole, and reads whole ones without a fuss. */
export function wholeWrites<Components>(
  create: (components: Components) => ConnectionEncrypter,
): (components: Components) => ConnectionEncrypter {
  return (components) => {
    const encrypter = create(components)
    const secureOutbound = encrypter.secureOutbound.bind(encrypter)
    const secureInbound = encrypter.secureInbound.bind(encrypter)
    encrypter.secureOutbound = async (connection, options) => {
      sendWhole(connection)
      const secured = await secureOutbound(connection, options)
      readWhole(secured.connection)
      return secured
    }
    encrypter.secureInbound = async (connection, options) => {
      sendWhole(connection)
      const secured = await secureInbound(connection, options)
      readWhole(secured.connection)
      return secured
    }
    return encrypter
  }
}

function sendWhole(connection: MessageStream): void {
  const send = connection.send.bind(connection)
  connection.send = (data) => send(data.subarray())
}

function readWhole(connection: MessageStream): void {
  const decoder: unknown = Reflect.get(connection, 'decoder')
  if (!(decoder instanceof LengthPrefixedDecoder)) return
  Reflect.set(decoder, 'lengthDecoder', readLength)
}

/**
 * The decoder asks once more behind each message that came whole. Noise's own answer is an error, whose trace costs a tenth
 * of what reading a message does; whatever is longer than what there is says the same.
 */
function readLength(data: Uint8Array | Uint8ArrayList): number {
  if (data.byteLength < LENGTH_BYTES) return 0
  const [high, low] = data instanceof Uint8Array ? data : [data.get(0), data.get(1)]
  return ((high ?? 0) << 8) | (low ?? 0)
}
