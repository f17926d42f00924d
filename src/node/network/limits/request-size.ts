/**
 * Caps what somebody may send before they are answered. libp2p's DHT and relay read up to 4 MiB on each of 32 streams of
 * a connection, for messages of a few KiB.
 */
import { OversizedRequestError } from './errors.ts'
import type { Registrar } from '@libp2p/interface-internal'
import type { Connection, PeerId, Stream, StreamHandler } from '@libp2p/interface'

export interface RequestRule {
  readonly maxBytes: number
  /** `each`: questions and answers by turns. `first`: what comes after our first answer is no question any more. */
  readonly until: 'each' | 'first'
  /** Throws when this peer may not ask at all. */
  readonly check?: (connection: Connection) => void
  readonly onRefusal: (why: Error, peer: PeerId) => void
}

interface HasRegistrar {
  readonly registrar: Registrar
}

/** A service or transport whose incoming streams keep to the rule; `rule` is made when libp2p's components are there. */
export function limitRequests<Components extends HasRegistrar, Service>(
  create: (components: Components) => Service,
  rule: (components: Components) => RequestRule,
): (components: Components) => Service {
  return (components) => {
    const registrar = limitedRegistrar(components.registrar, rule(components))
    return create(
      new Proxy(components, {
        get: (target, name): unknown =>
          name === 'registrar' ? registrar : Reflect.get(target, name),
      }),
    )
  }
}

function limitedRegistrar(registrar: Registrar, rule: RequestRule): Registrar {
  const handle: Registrar['handle'] = (protocol, handler, options) =>
    registrar.handle(protocol, limited(handler, rule), options)
  return new Proxy(registrar, {
    get: (target, name): unknown => {
      if (name === 'handle') return handle
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function limited(handler: StreamHandler, rule: RequestRule): StreamHandler {
  return (stream, connection) => {
    const refuse = (why: Error): void => {
      rule.onRefusal(why, connection.remotePeer)
      stream.abort(why)
    }
    try {
      rule.check?.(connection)
    } catch (err) {
      refuse(err instanceof Error ? err : new Error(String(err)))
      return
    }
    // first: what has come already is told to everybody who listens by the end of this turn
    const handled = handler(stream, connection)
    meter(stream, rule, refuse)
    return handled
  }
}

function meter(
  stream: Stream,
  { maxBytes, until }: RequestRule,
  refuse: (why: Error) => void,
): void {
  let bytes = 0
  let answered = false
  const send = stream.send.bind(stream)
  stream.send = (data) => {
    bytes = 0
    answered = true
    return send(data)
  }
  stream.addEventListener('message', ({ data }) => {
    if (answered && until === 'first') return
    bytes += data.byteLength
    if (bytes > maxBytes && stream.status === 'open') {
      refuse(new OversizedRequestError('a request is too long'))
    }
  })
}
