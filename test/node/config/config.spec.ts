import { expect } from 'chai'
import { loadConfig } from '../../../src/node/config/config.ts'
import type { Config } from '../../../src/node/config/config.ts'
import type { Environment } from '../../../src/node/config/environment.ts'

const PEER = '/ip4/192.0.2.1/tcp/5001/p2p/12D3KooWQMD1FmrqwWW5FHc2Jb1Dsenfdd11nVHMZbLito9cTVKG'

function load(line: string, env: Environment = {}): Config {
  const request = loadConfig(line.split(' ').filter(Boolean), env)
  if (request.kind !== 'run') throw new Error(`expected a configuration, got ${request.kind}`)
  return request.config
}

function refusal(line: string, env: Environment = {}): string {
  try {
    load(line, env)
  } catch (err) {
    expect(err).to.have.property('name', 'UsageError')
    return (err as Error).message
  }
  throw new Error(`'${line}' was taken`)
}

describe('configuration', () => {
  it('puts flags before environment before defaults', () => {
    expect(load('node').port).to.equal(5000)
    expect(load('node', { PORT: '6000' }).port).to.equal(6000)
    expect(load('node --port 7000', { PORT: '6000' }).port).to.equal(7000)
  })

  it('takes an empty variable for one that is not set', () => {
    expect(load('node', { PORT: '', SOTTO_LISTEN: ' ' })).to.deep.include({
      port: 5000,
      listen: undefined,
    })
  })

  it('keeps the last of an option that counts once', () => {
    expect(load('node --port 1 --port=2').port).to.equal(2)
  })

  it('collects repeated flags, and parts a variable at its commas', () => {
    const [a, b] = ['/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/2/ws']
    expect(load(`node --listen ${a} --listen ${b}`).listen).to.deep.equal([a, b])
    expect(load('node', { SOTTO_LISTEN: `${a}, ${b},` }).listen).to.deep.equal([a, b])
  })

  it('lets a session leave its chains of keys sooner than the protocol says, not later', () => {
    expect(load('node').chainLimits).to.deep.equal({
      maxChainMessages: 100,
      maxChainAgeMs: 3_600_000,
    })
    const env = { SOTTO_CHAIN_MESSAGES: '7' }
    expect(load('chat --chain-minutes 5', env).chainLimits).to.deep.equal({
      maxChainMessages: 7,
      maxChainAgeMs: 300_000,
    })
    for (const line of ['--chain-messages 101', '--chain-messages 0', '--chain-minutes 61']) {
      expect(refusal(`node ${line}`)).to.match(
        /^--chain-\w+ must be a number from 1 to (?:100|60)/u,
      )
    }
  })

  it('takes a log level in any case', () => {
    expect(load('node --log-level warning').logLevel).to.equal('WARNING')
    expect(load('node', { LOG_LEVEL: 'Debug' }).logLevel).to.equal('DEBUG')
  })

  it('keeps a node and a terminal client in folders of their own, below XDG_DATA_HOME', () => {
    const env = { XDG_DATA_HOME: '/data' }
    expect(load('node', env).dataDir).to.equal('/data/sotto/node')
    expect(load('chat', env).dataDir).to.equal('/data/sotto/chat')
    expect(load('chat', { XDG_DATA_HOME: 'relative' }).dataDir).to.match(
      /^\/.*\/\.local\/share\/sotto\/chat$/u,
    )
  })

  it('has no folder with --memory, and no page with --no-page', () => {
    expect(load('node --memory --no-page')).to.deep.include({ dataDir: undefined, page: undefined })
  })

  it('listens for the page on this machine alone unless told otherwise', () => {
    expect(load('node').page).to.deep.equal({ host: 'localhost', allowHosts: [] })
    expect(load('node --host 0.0.0.0 --allow-host chat.example').page).to.deep.equal({
      host: '0.0.0.0',
      allowHosts: ['chat.example'],
    })
  })

  it('answers --help and --version whatever else is there', () => {
    expect(loadConfig(['--help'], {})).to.deep.equal({ kind: 'help' })
    expect(loadConfig(['node', '-h'], {})).to.deep.equal({ kind: 'help' })
    expect(loadConfig(['chat', '--version', '--port', '99999'], {})).to.deep.equal({
      kind: 'version',
    })
  })

  const wrong: readonly (readonly [string, Environment, RegExp])[] = [
    ['', {}, /command is missing/u],
    ['talk', {}, /unknown command 'talk'/u],
    ['node extra', {}, /unexpected argument 'extra'/u],
    ['node --prot 1', {}, /unknown option '--prot'/u],
    ['node -x', {}, /unknown option '-x'/u],
    ['node --port', {}, /'--port' needs a value: PORT/u],
    ['node --port --memory', {}, /'--port' needs a value/u],
    ['node --memory=yes', {}, /'--memory' takes no value/u],
    ['node --port 65536', {}, /^--port must be a number from 0 to 65535, not '65536'/u],
    ['node --port=-1', {}, /^--port/u],
    ['node --port 0x10', {}, /^--port/u],
    ['node', { PORT: 'web' }, /^PORT must be a number/u],
    ['node', { LOG_LEVEL: 'LOUD' }, /^LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR/u],
    ['node --listen 127.0.0.1:5001', {}, /^--listen must be a multiaddr/u],
    ['node', { SOTTO_BOOTSTRAP: '/ip4/192.0.2.1/tcp/1' }, /^SOTTO_BOOTSTRAP must end in \/p2p\//u],
    ['chat --host 0.0.0.0', {}, /'--host' is not one of 'chat'/u],
  ]
  for (const [line, env, message] of wrong) {
    it(`names what is wrong with '${line}' ${JSON.stringify(env)}`, () => {
      expect(refusal(line, env)).to.match(message)
    })
  }

  it('takes a bootstrap address that says whom to expect', () => {
    expect(load(`chat --bootstrap ${PEER}`).bootstrap).to.deep.equal([PEER])
  })

  it('takes the page of a node beside an address', () => {
    const { bootstrap, bootstrapPages } = load('node', {
      SOTTO_BOOTSTRAP: `${PEER},https://Node.example:443/,https://[2001:db8::1]:8443`,
    })
    expect(bootstrap).to.deep.equal([PEER])
    expect(bootstrapPages).to.deep.equal(['https://node.example', 'https://[2001:db8::1]:8443'])
  })

  for (const host of ['bootstrap', 'box.local', 'localhost', '10.1.2.3', '172.31.0.2', '[fd00::1]'])
    it(`takes http:// for ${host}, which this network alone can reach`, () => {
      expect(load(`chat --bootstrap http://${host}:5000`).bootstrapPages).to.deep.equal([
        `http://${host}:5000`,
      ])
    })

  for (const host of ['node.example', '192.0.2.1', '172.32.0.1', '[2001:db8::1]', '100.128.0.1'])
    it(`wants https:// for ${host}`, () => {
      expect(refusal(`chat --bootstrap http://${host}:5000`)).to.match(/must be https:\/\//u)
    })

  for (const url of ['ftp://box', 'http://box/page', 'http://me:secret@box', 'http://box?x', '://'])
    it(`does not take ${url} for a page`, () => {
      expect(refusal(`chat --bootstrap ${url}`)).to.match(/must be a multiaddr or https:/u)
    })

  it('takes a certificate with its key, and neither alone', () => {
    expect(load('node --tls-cert a.pem --tls-key b.pem').tls).to.deep.equal({
      cert: 'a.pem',
      key: 'b.pem',
    })
    expect(load('node').tls).to.equal(undefined)
    expect(refusal('node --tls-cert a.pem')).to.contain('--tls-key')
    expect(refusal('node', { SOTTO_TLS_KEY: 'b.pem' })).to.contain('--tls-cert')
  })

  it('fetches a certificate where it is asked to, can be reached and keeps what it gets', () => {
    expect(load('node').autoTls).to.equal(false)
    expect(load('node --auto-tls').autoTls).to.equal(true)
    expect(load('node --auto-tls --announce /ip4/11.0.0.1/tcp/5001').autoTls).to.equal(true)
    expect(load('node --auto-tls --tls-cert a.pem --tls-key b.pem')).to.include({ autoTls: true })
    expect(refusal('node --auto-tls --memory')).to.contain('--memory')
    expect(refusal('node --auto-tls --network-key swarm.key')).to.contain('--network-key')
    expect(refusal('node --auto-tls --announce /dns4/node.example/tcp/5001')).to.contain(
      'public IP',
    )
    expect(refusal('chat --auto-tls')).to.contain('--auto-tls')
  })

  it('asks the gateway for a port unless told not to, and takes the key of a private network', () => {
    expect(load('chat')).to.include({ upnp: true, networkKeyFile: undefined })
    expect(load('node')).to.include({ mailbox: true })
    expect(load('node --no-mailbox')).to.include({ mailbox: false })
    expect(load('chat --no-upnp --network-key swarm.key')).to.include({
      upnp: false,
      networkKeyFile: 'swarm.key',
    })
  })
})
