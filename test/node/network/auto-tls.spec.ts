/** Nobody outside is asked: broker and authority are a server on the loopback that knows of nothing. */
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect, type TLSSocket } from 'node:tls'
import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import { Key } from 'interface-datastore'
import { expect } from 'chai'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { createNode, type NodeNetworkOptions } from '../../../src/node/create-node.ts'
import { loadIdentity } from '../../../src/node/keystore/identity-store.ts'
import { memoryFolder, type DataFolder } from '../../../src/node/data-folder.ts'
import {
  AutoTls,
  type AutoTlsComponents,
  type AutoTlsInit,
} from '../../../src/node/network/auto-tls/auto-tls.ts'
import { NamedAddresses } from '../../../src/node/network/auto-tls/named-addresses.ts'
import { TlsShelf } from '../../../src/node/network/auto-tls/tls-shelf.ts'
import type { AddressInfo } from 'node:net'
import type { Identity } from '../../../src/chat/identity/identity.ts'
import type { Libp2p, TLSCertificate } from '@libp2p/interface'
import type {
  ProviderComponents,
  ProviderInit,
} from '../../../src/node/network/auto-tls/provider.ts'

const fixture = (name: string): string =>
  new URL(`../../fixtures/tls/${name}`, import.meta.url).pathname
const FETCHED: TLSCertificate = {
  key: readFileSync(fixture('rsa-key.pem'), 'utf8'),
  cert: readFileSync(fixture('rsa-cert.pem'), 'utf8'),
}
/** What libp2p takes for public: without such an address nothing is asked for. */
const PUBLIC = '/ip4/11.0.0.1/tcp/5002/ws'

describe('certificates that a node fetches itself', function () {
  this.timeout(60_000)

  let authority: Server
  let provider: ProviderInit
  let identity: Identity
  let folder: DataFolder
  let node: Libp2p | undefined

  before(async () => {
    authority = createServer((_request, response) => {
      response.writeHead(404).end('{}')
    }).listen(0, '127.0.0.1')
    await once(authority, 'listening')
    const url = `http://127.0.0.1:${(authority.address() as AddressInfo).port}/`
    provider = { acmeDirectory: url, forgeEndpoint: url, provisionDelay: 10 }
  })

  after(() => {
    authority.close()
  })

  beforeEach(async () => {
    folder = memoryFolder()
    identity = await loadIdentity(nodeCrypto, folder.records)
  })

  afterEach(async () => {
    await node?.stop()
    node = undefined
    await folder.close()
  })

  async function start(options: Partial<NodeNetworkOptions>) {
    const started = await createNode(
      {
        listen: ['/ip4/127.0.0.1/tcp/0/ws'],
        announce: [PUBLIC],
        bootstrap: [],
        mdns: false,
        portMapping: false,
        ...options,
      },
      identity,
      folder,
    )
    node = started
    return started
  }

  /** As a run before would have left it. */
  async function keep(): Promise<void> {
    const shelf = new TlsShelf(folder.records)
    const pkcs1 = createPrivateKey(FETCHED.key).export({ type: 'pkcs1', format: 'der' })
    await shelf.importKey('auto-tls-certificate-private-key', privateKeyFromRaw(pkcs1))
    await shelf.put(new Key('/libp2p/auto-tls/certificate'), Buffer.from(FETCHED.cert))
  }

  async function shownAt(port: number, servername: string): Promise<string | undefined> {
    const socket: TLSSocket = connect({
      ...{ port, host: '127.0.0.1', servername, rejectUnauthorized: false },
    })
    await once(socket, 'secureConnect')
    const { CN } = socket.getPeerCertificate().subject
    socket.destroy()
    return String(CN)
  }

  const componentsOf = (started: Libp2p) =>
    (started as unknown as { components: AutoTlsComponents }).components

  const portOf = (started: Libp2p): number => {
    const [address] = componentsOf(started).transportManager.getAddrs()
    return Number(/tcp\/(\d+)/u.exec(String(address))?.[1])
  }

  it('are asked for only where the user wants it', async () => {
    expect(await start({})).to.not.have.nested.property('services.autoTls')
    await node?.stop()
    const wanted = await start({ autoTls: { provider } })
    expect(wanted).to.have.nested.property('services.autoTls')
  })

  it('tell whoever runs the node why there is none yet', async () => {
    const trouble = Promise.withResolvers<unknown>()
    await start({ autoTls: { provider, onTrouble: trouble.resolve } })
    expect(String(await trouble.promise)).to.contain('ACME directory returned error 404')
  })

  it('are taken from where they are kept, and shown on the port of plain WebSockets', async () => {
    await keep()
    const used = Promise.withResolvers<TLSCertificate>()
    const started = await start({
      autoTls: { provider, onCertificate: used.resolve },
    })
    expect((await used.promise).cert).to.equal(FETCHED.cert)
    expect(await shownAt(portOf(started), 'anybody.test')).to.equal('fetched.test')
  })

  it('stand beside certificate files, each under its own names', async () => {
    await keep()
    const used = Promise.withResolvers<TLSCertificate>()
    const started = await start({
      listen: ['/ip4/127.0.0.1/tcp/0/tls/ws'],
      tls: { cert: fixture('cert.pem'), key: fixture('key.pem') },
      autoTls: { provider, onCertificate: used.resolve },
    })
    await used.promise
    const port = portOf(started)
    expect(await shownAt(port, 'node.example')).to.equal('sotto.test')
    expect(await shownAt(port, '11-0-0-1.peer.libp2p.direct')).to.equal('fetched.test')
  })

  it('reach the listeners anew at each renewal', async () => {
    const started = await start({})
    let events: ProviderComponents['events'] | undefined
    const create: AutoTlsInit['create'] = (parts) => {
      events = parts.events
      return { start: () => undefined, stop: () => undefined }
    }
    const autoTls = new AutoTls(componentsOf(started), {
      create,
      records: folder.records,
      named: new NamedAddresses(),
    })
    const other: TLSCertificate = {
      key: readFileSync(fixture('key.pem'), 'utf8'),
      cert: readFileSync(fixture('cert.pem'), 'utf8'),
    }
    const port = portOf(started)
    for (const [detail, name] of [
      [FETCHED, 'fetched.test'],
      [other, 'sotto.test'],
    ] as const) {
      // the package announces every one as the first
      events?.safeDispatchEvent('certificate:provision', { detail })
      expect(await shownAt(port, 'anybody.test')).to.equal(name)
    }
    await autoTls.stop()
  })
})
