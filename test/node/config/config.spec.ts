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
})
