import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { once } from 'node:events'
import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered } from '../fixtures/wait-for.ts'

const TLS_FILES = new URL('../fixtures/tls/', import.meta.url).pathname
const TLS = { cert: `${TLS_FILES}cert.pem`, key: `${TLS_FILES}key.pem` }

describe('a node’s network options', () => {
  let net: Testnet<string> | undefined
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sotto-network-'))
  })

  afterEach(async () => {
    await net?.stop()
    net = undefined
    await rm(folder, { recursive: true, force: true })
  })

  async function key(name: string, digit: string): Promise<string> {
    const file = path.join(folder, name)
    await writeFile(file, `/key/swarm/psk/1.0.0/\n/base16/\n${digit.repeat(64)}\n`)
    return file
  }

  it('serve WebSockets over TLS with the certificate they were given', async () => {
    net = await createTestnet({ peers: [], relay: false })
    const node = await net.add('node', { listen: ['/ip4/127.0.0.1/tcp/0/tls/ws'], tls: TLS })
    const [address] = node.chat.self.multiaddrs
    const port = Number(/tcp\/(\d+)\/tls\/ws/u.exec(address ?? '')?.[1])
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    expect(socket.getPeerCertificate().subject.CN).to.equal('sotto.test')
    socket.destroy()
  })

  it('name the file that is wrong', async () => {
    net = await createTestnet({ peers: [], relay: false })
    const wrong = [
      { tls: { ...TLS, key: path.join(folder, 'missing.pem') } },
      { tls: { cert: TLS.key, key: TLS.cert } },
      { networkKeyFile: path.join(folder, 'missing.key') },
      { networkKeyFile: TLS.cert },
    ]
    for (const options of wrong) {
      const err = await net.add('node', options).catch((reason: unknown) => reason)
      expect(err).to.have.property('name', 'NetworkFileError')
    }
  })

  it('keep strangers out of a private network, whose members talk', async () => {
    const networkKeyFile = await key('ours.key', 'a')
    net = await createTestnet({ peers: [], relay: false })
    const alice = await net.add('alice', { networkKeyFile })
    const bob = await net.add('bob', { networkKeyFile })
    const [address = ''] = alice.chat.self.multiaddrs
    const delivery = delivered(bob.chat, 'among us')
    await bob.chat.lookup(address)
    await bob.chat.send(alice.chat.self.fingerprint, 'among us')
    await delivery
    for (const options of [{}, { networkKeyFile: await key('theirs.key', 'b') }]) {
      const other = await createTestnet({ peers: [], relay: false })
      try {
        const mallory = await other.add('mallory', options)
        const err = await mallory.chat.lookup(address).catch((reason: unknown) => reason)
        expect(err).to.have.property('name', 'ConnectError')
        expect(alice.libp2p.getPeers().map(String)).not.to.include(mallory.chat.self.peerId)
      } finally {
        await other.stop()
      }
    }
  })

  it('are refused when a session’s keys would live longer than the protocol says', async () => {
    net = await createTestnet({ peers: [], relay: false })
    const options = { chainLimits: { maxChainMessages: 101 } }
    const error = await net.add('node', options).catch((err: unknown) => err)
    expect(error).to.have.property('name', 'RangeError')
  })
})
