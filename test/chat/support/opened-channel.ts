import { multiaddr } from '@multiformats/multiaddr'
import { verifyCertificate } from '../../../src/chat/identity/certificate.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { manualChannel, Recorder } from './channels.ts'
import { person } from './people.ts'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'
import type { Session } from '../../../src/crypto/session.ts'
import type { Connection } from '@libp2p/interface'
import type { ManualStream } from './manual-stream.ts'

export interface TestChannel extends OpenedChannel {
  readonly stream: ManualStream
  /** The session at the other end. */
  readonly farSession: Session
}

/** A running channel to bob over a connection to `address`. */
export async function openedChannel(address: string, now: () => number): Promise<TestChannel> {
  const { channel, stream, remote: farSession } = await manualChannel(now)
  const bob = await person('bob')
  const remote = await verifyCertificate(nodeCrypto, bob.identity.certificate, bob.peerId)
  const connection = {
    remoteAddr: multiaddr(address),
    remotePeer: bob.peerId,
  } as unknown as Connection
  void channel.run(new Recorder())
  return { channel, stream, farSession, remote, connection, direction: 'outbound' }
}
