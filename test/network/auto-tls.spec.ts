/** A node fetches its certificate from an authority and a forge of our own, and a peer in another process trusts it. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from 'node:tls'
import { expect } from 'chai'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { AcmeServer } from '../fixtures/acme/acme-server.ts'
import { Authority } from '../fixtures/acme/authority.ts'
import { Forge } from '../fixtures/acme/forge.ts'
import { Program, type Outcome } from '../fixtures/program.ts'
import { freePort } from '../fixtures/tcp-proxy.ts'
import { eventually } from '../fixtures/wait-for.ts'
import type { TLSCertificate } from '@libp2p/interface'

const DIAL = path.resolve(import.meta.dirname, '../fixtures/acme/dial.ts')
const HOUR_MS = 60 * 60_000
/** What libp2p takes for public, and what the forge has names for. */
const PUBLIC_IP = '11.0.0.1'

describe('a node with --auto-tls', function () {
  this.timeout(60_000)

  let authority: Authority
  let forge: Forge
  let acme: AcmeServer
  let folder: string
  let node: Peer | undefined
  let port: number
  let certificates: TLSCertificate[]

  beforeEach(async () => {
    authority = await Authority.create()
    forge = await Forge.start()
    acme = await AcmeServer.start(authority, (name) => forge.lookUp(name))
    folder = await mkdtemp(path.join(tmpdir(), 'sotto-acme-'))
    port = await freePort()
    certificates = []
  })

  afterEach(async () => {
    await node?.stop()
    node = undefined
    acme.stop()
    forge.stop()
    await rm(folder, { recursive: true })
  })

  /** Resolves when it has its first certificate. */
  async function start(renewThreshold?: number): Promise<Peer> {
    const troubles: unknown[] = []
    node = await startNodePeer({
      dataDir: undefined,
      listen: [`/ip4/127.0.0.1/tcp/${port}/ws`],
      announce: [`/ip4/${PUBLIC_IP}/tcp/${port}/ws`],
      ...{ bootstrap: [], mdns: false, portMapping: false },
      autoTls: {
        onCertificate: (certificate) => certificates.push(certificate),
        onTrouble: (err) => troubles.push(err),
        provider: {
          acmeDirectory: acme.directory,
          forgeEndpoint: forge.url,
          forgeDomain: forge.domain,
          provisionDelay: 10,
          ...(renewThreshold === undefined ? {} : { renewThreshold }),
        },
      },
    })
    await eventually(async () => {
      expect(certificates, String(troubles)).to.not.be.empty
    }, 30_000)
    return node
  }

  const zone = (peer: Peer): string => forge.zoneOf(peer.libp2p.peerId)

  /** The serial number of what the listener shows, checked against the authority. */
  async function shown(servername: string): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1', servername, ca: authority.pem })
    await once(socket, 'secureConnect')
    const { serialNumber } = socket.getPeerCertificate()
    socket.destroy()
    return serialNumber
  }

  async function dialFromOutside(address: string, env: Record<string, string>): Promise<Outcome> {
    const dialler = new Program([process.execPath, '--import=tsx', DIAL, address], env)
    return dialler.ended
  }

  it('proves its name, announces it, and is dialled there by who trusts the authority alone', async () => {
    const peer = await start()
    const { subjectAltName, ca } = new X509Certificate(certificates[0]?.cert ?? '')
    expect({ subjectAltName, ca }).to.deep.equal({
      subjectAltName: `DNS:*.${zone(peer)}`,
      ca: false,
    })
    const id = peer.libp2p.peerId.toString()
    expect(forge.registered).to.deep.equal([[`/ip4/${PUBLIC_IP}/tcp/${port}/ws/p2p/${id}`]])
    const name = `${PUBLIC_IP.replaceAll('.', '-')}.${zone(peer)}`
    const address = `/ip4/${PUBLIC_IP}/tcp/${port}/tls/sni/${name}/ws/p2p/${id}`
    await eventually(async () => {
      expect(peer.libp2p.getMultiaddrs().map(String)).to.include(address)
    })
    const caFile = path.join(folder, 'ca.pem')
    await writeFile(caFile, authority.pem)
    const trusting = await dialFromOutside(address, { NODE_EXTRA_CA_CERTS: caFile })
    expect(trusting).to.include({ code: 0, stdout: `${address}\n` })
    expect(await dialFromOutside(address, {})).to.include({ code: 1, stdout: '' })
  })

  it('renews it before it expires, and shows the new one without a new start', async () => {
    authority.lifetimeMs = HOUR_MS
    // due two seconds after it came
    const peer = await start(HOUR_MS - 2000)
    const name = `${PUBLIC_IP.replaceAll('.', '-')}.${zone(peer)}`
    const first = await shown(name)
    authority.lifetimeMs = 24 * HOUR_MS
    await eventually(async () => {
      expect(certificates).to.have.lengthOf(2)
    })
    expect(acme.issued).to.equal(2)
    expect(new Date(new X509Certificate(certificates[0]?.cert ?? '').validTo)).to.be.above(
      new Date(),
    )
    const second = await shown(name)
    expect(second).to.not.equal(first)
    expect(second).to.equal(new X509Certificate(certificates[1]?.cert ?? '').serialNumber)
  })
})
