/** The networks of the laboratory do what they say, measured by programs that know nothing of ours. */
import { expect } from 'chai'
import { removeOwnNamespaces, RUN_PREFIX } from '../../scripts/natlab/leftovers.ts'
import { ip, runIn } from '../../scripts/natlab/command.ts'
import { Network } from '../../scripts/natlab/network.ts'
import { INTERNET, planWorld, publicAddress } from '../../scripts/natlab/plan.ts'
import { lossRules, silenceRules } from '../../scripts/natlab/rules.ts'
import { needNamespaces } from '../fixtures/namespaces.ts'
import type { SiteKind } from '../../scripts/natlab/kinds.ts'

const NODES = ['node1', 'node2']
const PORT = 4000

/** Tells whoever asks where the question came from. */
const REFLECTOR = `
const udp = require('node:dgram').createSocket('udp4')
udp.on('message', (_, from) => udp.send(from.address + ':' + from.port, from.port, from.address))
udp.bind(${PORT})
const tcp = require('node:net').createServer((socket) => {
  socket.on('error', () => undefined)
  socket.end(socket.remoteAddress.replace('::ffff:', '') + ':' + socket.remotePort)
})
tcp.listen(${PORT}, '0.0.0.0')
setTimeout(() => process.exit(), 15000)
`

/** Prints what the reflectors say of one socket, or nothing where none answers. */
const ASK_UDP = (addresses: readonly string[]): string => `
const udp = require('node:dgram').createSocket('udp4')
const answers = {}
udp.on('message', (text, from) => { answers[from.address] = String(text) })
const ask = () => { for (const one of ${JSON.stringify(addresses)}) udp.send('?', ${PORT}, one) }
udp.bind(5555, () => { ask(); setInterval(ask, 100) })
setTimeout(() => { console.log(JSON.stringify(answers)); process.exit() }, 1500)
`
/** Sends to the port that ASK_UDP is about to use, from the one that the reflector will. */
const knock = (address: string): string => `
const udp = require('node:dgram').createSocket('udp4')
udp.bind(${PORT}, () => udp.send('!', 5555, '${address}', () => setTimeout(() => process.exit(), 100)))
`

/** Asks until somebody answers: the reflector may be starting yet. */
const ASK_TCP = (address: string): string => `
const ask = () => {
  const socket = require('node:net').connect({ port: ${PORT}, host: '${address}' })
  socket.on('data', (text) => { console.log(String(text)); process.exit() })
  socket.on('error', () => setTimeout(ask, 100))
}
ask()
setTimeout(() => process.exit(), 3000)
`

/** Prints how many answers came. The reflector may be starting yet: what is counted begins after its first answer. */
const askMany = (address: string, questions: number): string => `
const udp = require('node:dgram').createSocket('udp4')
const ask = () => udp.send('?', ${PORT}, '${address}')
let counting = false, count = 0, quiet
const end = () => { console.log(count); process.exit() }
const begin = () => {
  for (let i = 0; i < ${questions}; i++) setTimeout(ask, 1000 + i)
  setTimeout(() => { counting = true; count = 0 }, 800)
  quiet = setTimeout(end, 5000)
}
const first = setInterval(ask, 50)
udp.on('message', () => {
  if (quiet === undefined) { clearInterval(first); begin() }
  if (!counting) return
  clearTimeout(quiet)
  if (++count === ${questions}) end()
  quiet = setTimeout(end, 1500)
})
setTimeout(() => { if (quiet === undefined) end() }, 3000)
`

describe('a network of the laboratory', function () {
  this.timeout(30_000)
  let network: Network | undefined
  let count = 0

  before(async function () {
    await needNamespaces(this)
  })

  afterEach(() => {
    network?.remove()
  })

  after(removeOwnNamespaces)

  async function build(from: SiteKind, to: SiteKind = 'public', loss = 0): Promise<Network> {
    const plan = planWorld({ from, to, loss, nodes: NODES })
    network = await Network.build(plan, `${RUN_PREFIX}test${count++}-`)
    return network
  }

  async function node(host: string, script: string): Promise<string> {
    const { name } = network!.host(host)
    return (await runIn(name, [process.execPath, '-e', script])).trim()
  }

  /** Until the test's network goes. */
  function reflectors(...hosts: string[]): void {
    for (const host of hosts) void node(host, REFLECTOR).catch(() => undefined)
  }

  /** What two public hosts see of one UDP socket of `from`. */
  async function seenByTwo(): Promise<readonly (string | undefined)[]> {
    reflectors(...NODES)
    const addresses = NODES.map((name) => publicAddress(name, NODES))
    const answers = JSON.parse(await node('from', ASK_UDP(addresses))) as Record<string, string>
    return addresses.map((address) => answers[address])
  }

  it('shows one port to everybody from behind a port-preserving NAT', async () => {
    await build('nat')
    expect(await seenByTwo()).to.deep.equal(['11.1.0.2:5555', '11.1.0.2:5555'])
  })

  it('keeps the port where the other side knocked first, without which no hole is punched', async () => {
    await build('nat')
    await node('node1', knock(publicAddress('from')))
    expect(await seenByTwo()).to.deep.equal(['11.1.0.2:5555', '11.1.0.2:5555'])
  })

  it('shows each another port from behind a symmetric NAT', async () => {
    await build('symmetric')
    const [one, other] = await seenByTwo()
    expect(one).to.match(/^11\.1\.0\.2:\d+$/u)
    expect(other).to.match(/^11\.1\.0\.2:\d+$/u)
    expect(one).to.not.equal(other)
  })

  it('keeps the port through two NATs in a row', async () => {
    await build('double-nat')
    expect(await seenByTwo()).to.deep.equal(['11.1.0.2:5555', '11.1.0.2:5555'])
  })

  it('lets TCP and no UDP through where UDP is blocked', async () => {
    await build('udp-blocked')
    expect(await seenByTwo()).to.deep.equal([undefined, undefined])
    expect(await node('from', ASK_TCP(publicAddress('node1', NODES)))).to.match(
      /^11\.1\.0\.2:\d+$/u,
    )
  })

  it('lets nobody in behind a NAT, and everybody at a public address', async () => {
    await build('nat', 'public')
    reflectors('from', 'to')
    expect(await node('node1', ASK_TCP(publicAddress('to')))).to.match(/^11\.100\.0\.2:\d+$/u)
    expect(await node('node1', ASK_TCP(publicAddress('from')))).to.equal('')
  })

  it('has a LAN whose two see each other and nobody else', async () => {
    await build('lan', 'lan')
    reflectors('to', 'node1')
    expect(await node('from', ASK_TCP('192.168.1.20'))).to.match(/^192\.168\.1\.10:\d+$/u)
    expect(await node('from', ASK_TCP(publicAddress('node1', NODES)))).to.equal('')
  })

  it('has no way out to the machine it runs on', async () => {
    await build('public')
    const hosts = network!.names.map((name) => network!.host(name).name)
    for (const host of hosts) {
      const links = await ip('-n', host, '-o', 'link', 'show')
      // veths whose other end is in no namespace of ours would show no link-netns
      for (const line of links.split('\n').filter((one) => one.includes('@'))) {
        expect(line).to.match(/link-netns natlab-/u)
      }
    }
  })

  it('loses the packets that it is told to, and none when told so', async () => {
    await build('public')
    reflectors('to')
    const internet = network!.host(INTERNET)
    const lossless = await answered(500)
    expect(lossless).to.equal(500)
    await internet.nft(lossRules('forward', 20))
    // there and back: 0.8² of 500 are 320, and 5 standard deviations 54
    expect(await answered(500)).to.be.within(266, 374)
    await internet.nft(lossRules('forward', 0))
    await internet.nft(silenceRules([publicAddress('from'), publicAddress('to')]))
    expect(await answered(20)).to.equal(0)
    await internet.nft(silenceRules(undefined))
    expect(await answered(20)).to.equal(20)
  })

  /** How many of so many questions over UDP are answered, once nothing more comes for a while. */
  async function answered(questions: number): Promise<number> {
    return Number(await node('from', askMany(publicAddress('to'), questions)))
  }
})
