import { expect } from 'chai'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { startPageServer } from '../../../src/node/http/page-server.ts'
import { createLogger } from '../../../src/node/log/create-logger.ts'
import type { SelfInfo } from '../../../src/chat/api.ts'
import type { AddressInfo } from 'node:net'

const SELF: SelfInfo = {
  fingerprint: 'f'.repeat(64),
  peerId: '12D3KooWQMD1FmrqwWW5FHc2Jb1Dsenfdd11nVHMZbLito9cTVKG',
  name: 'alice',
  multiaddrs: ['/ip4/192.0.2.2/tcp/5001', '/ip4/192.0.2.2/tcp/5002/ws'],
  connections: 3,
}

describe('page server', () => {
  let folder: string
  let self: SelfInfo | undefined
  const log = createLogger('ERROR', { write: () => true })
  const options = () => ({ allowHosts: ['chat.example'], folder, log, self: () => self })
  const get = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
    const server = await startPageServer({ ...options(), host: '127.0.0.1', port: 0 })
    try {
      return await ask(server.port, method, url, { host: 'localhost:5000', ...headers })
    } finally {
      await server.stop()
    }
  }

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-page-'))
    mkdirSync(path.join(folder, 'assets'))
    writeFileSync(path.join(folder, 'index.html'), '<title>Sotto</title>')
    writeFileSync(path.join(folder, 'sw.js'), '1')
    writeFileSync(path.join(folder, 'assets', 'index-abc123.js'), '1')
  })
  beforeEach(() => {
    self = SELF
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  it('serves the page under a strict policy', async () => {
    const { statusCode, headers, body } = await get('/')
    expect(statusCode).to.equal(200)
    expect(body).to.contain('<title>Sotto')
    expect(headers['content-security-policy']).to.contain("default-src 'self'")
    expect(headers['content-security-policy']).to.contain("script-src 'self';")
    expect(headers['content-security-policy']).to.contain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).to.equal('nosniff')
    expect(headers['referrer-policy']).to.equal('no-referrer')
  })

  it('keeps hashed files for ever, and asks again for what decides the version', async () => {
    expect((await get('/assets/index-abc123.js')).headers['cache-control']).to.contain('immutable')
    for (const url of ['/', '/index.html', '/sw.js', '/some/room']) {
      expect((await get(url)).headers['cache-control']).to.equal('no-cache')
    }
  })

  it('gives the page for its own paths, and 404 for missing files and API paths', async () => {
    expect((await get('/rooms/lobby')).body).to.contain('<title>Sotto')
    for (const url of ['/assets/gone.js', '/gone.js', '/api', '/api/gone', '/../package.json']) {
      const { statusCode, headers, body } = await get(url)
      expect([url, statusCode]).to.deep.equal([url, 404])
      expect(headers['content-type']).to.contain('application/json')
      expect(body).to.contain('NotFoundError')
    }
  })

  it('sends nothing that lies outside its folder', async () => {
    const secret = `${folder}-secret.txt`
    const name = path.basename(secret)
    writeFileSync(secret, 'secret')
    try {
      for (const url of [`/../${name}`, `/%2e%2e/${name}`, `/..%2f${name}`, `/..%5c${name}`]) {
        expect([url, (await get(url)).statusCode]).to.deep.equal([url, 404])
      }
    } finally {
      rmSync(secret)
    }
    for (const url of ['/assets', '/assets/', '/%00', '/%']) {
      expect([url, (await get(url)).statusCode]).to.deep.equal([url, 404])
    }
  })

  it('does not send again what the browser has', async () => {
    const { etag = '', ...headers } = (await get('/index.html')).headers
    expect(headers['content-type']).to.equal('text/html; charset=utf-8')
    const again = await get('/index.html', { 'if-none-match': `"other", ${etag}` })
    expect(again).to.include({ statusCode: 304, body: '' })
    expect(again.headers).to.include({ etag, 'cache-control': 'no-cache' })
    writeFileSync(path.join(folder, 'index.html'), '<title>Sotto, newer</title>')
    expect((await get('/', { 'if-none-match': etag })).body).to.contain('newer')
  })

  it('sends what the build has compressed, in the smallest coding that the browser takes', async () => {
    const plain = 'let same = 1\n'.repeat(100)
    const script = path.join(folder, 'assets', 'large-abc123.js')
    writeFileSync(script, plain)
    writeFileSync(`${script}.gz`, gzipSync(plain))
    const url = '/assets/large-abc123.js'
    const zipped = await get(url, { 'accept-encoding': 'gzip, deflate, br' })
    expect(zipped.headers).to.include({
      'content-encoding': 'gzip',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
      'content-length': String(gzipSync(plain).length),
    })
    expect(zipped.headers['cache-control']).to.contain('immutable')
    expect(gunzipSync(zipped.bytes).toString()).to.equal(plain)

    writeFileSync(`${script}.br`, brotliCompressSync(plain))
    const best = await get(url, { 'accept-encoding': 'gzip, deflate, br' })
    expect(best.headers['content-encoding']).to.equal('br')
    expect(best.headers.etag).not.to.equal(zipped.headers.etag)
    for (const accepted of [undefined, 'identity', 'zstd', 'br;q=0, gzip;q=0']) {
      const headers = accepted === undefined ? {} : { 'accept-encoding': accepted }
      const whole = await get(url, headers)
      expect(whole.headers).not.to.have.property('content-encoding')
      expect(whole.body).to.equal(plain)
    }
    expect((await get('/', { 'accept-encoding': 'br' })).body).to.contain('<title>Sotto')
  })

  it('sends a part when asked for one, and says when there is none', async () => {
    const part = await get('/index.html', { range: 'bytes=0-6' })
    expect(part).to.include({ statusCode: 206, body: '<title>' })
    expect(await get('/index.html', { range: 'bytes=9999-' })).to.include({
      statusCode: 416,
      body: '',
    })
    const changed = await get('/index.html', { 'if-match': '"of another file"' })
    expect(changed).to.include({ statusCode: 412, body: '' })
  })

  it('takes no body, and answers HEAD without one', async () => {
    const head = await get('/sw.js', {}, 'HEAD')
    expect(head).to.include({ statusCode: 200, body: '' })
    expect(head.headers['content-length']).to.equal('1')
    const posted = await get('/api/health', { 'content-length': '1000000' }, 'POST')
    expect(posted.statusCode).to.equal(404)
    expect(posted.headers.connection).to.equal('close')
  })

  it('tells where the network is', async () => {
    const { headers, body } = await get('/api/network', { host: '198.51.100.4:5000' })
    expect(headers['cache-control']).to.equal('no-store')
    expect(JSON.parse(body)).to.deep.equal({
      peerId: SELF.peerId,
      multiaddrs: [
        `/ip4/198.51.100.4/tcp/5002/ws/p2p/${SELF.peerId}`,
        `/ip4/192.0.2.2/tcp/5002/ws/p2p/${SELF.peerId}`,
      ],
      tcpMultiaddrs: [
        `/ip4/198.51.100.4/tcp/5001/p2p/${SELF.peerId}`,
        `/ip4/192.0.2.2/tcp/5001/p2p/${SELF.peerId}`,
      ],
    })
  })

  it('tells how the peer is', async () => {
    const answer = JSON.parse((await get('/api/health')).body) as Record<string, unknown>
    expect(answer).to.include({ status: 'ok', peerId: SELF.peerId, connections: 3 })
    expect(answer['uptimeSeconds']).to.be.a('number')
  })

  it('says that it is starting while there is no peer yet', async () => {
    self = undefined
    expect((await get('/api/network')).statusCode).to.equal(503)
    expect(JSON.parse((await get('/api/health')).body)).to.deep.equal({ status: 'starting' })
  })

  it('answers no stranger’s domain name, whatever is asked', async () => {
    for (const url of ['/', '/api/network', '/gone.js']) {
      const { statusCode, body } = await get(url, { host: 'evil.example:5000' })
      expect(statusCode).to.equal(421)
      expect(body).to.equal('{"error":"HostNotAllowedError"}')
    }
    expect((await get('/api/network', { host: 'chat.example' })).statusCode).to.equal(200)
  })

  it('listens on the loopback and stops', async () => {
    const server = await startPageServer({ ...options(), host: 'localhost', port: 0 })
    expect(server.url).to.equal(`http://localhost:${String(server.port)}`)
    expect((await fetch(`http://127.0.0.1:${String(server.port)}/api/health`)).status).to.equal(200)
    await server.stop()
    const gone = await fetch(`http://127.0.0.1:${String(server.port)}/`).catch(
      (err: unknown) => err,
    )
    expect(gone).to.be.instanceOf(TypeError)
  })

  it('names the port that another program holds', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    try {
      const err: unknown = await startPageServer({ ...options(), host: '127.0.0.1', port }).catch(
        (e: unknown) => e,
      )
      expect(err).to.have.property('name', 'PortInUseError')
      expect(err)
        .to.have.property('message')
        .that.contains(`port ${String(port)}`)
    } finally {
      other.close()
    }
  })
})

interface Answer {
  readonly statusCode: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly body: string
}

/** As it is written: `fetch` would tidy the path up, and choose the Host header. */
function ask(
  port: number,
  method: string,
  url: string,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      buffer(answer).then((bytes) => {
        const { statusCode, headers: told } = answer
        resolve({ statusCode, headers: told, bytes, body: bytes.toString() })
        asked.destroy()
      }, reject)
    })
    asked.on('error', reject)
    if ('content-length' in headers) asked.flushHeaders()
    else asked.end()
  })
}
