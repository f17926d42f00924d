import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { createTestnet } from '../../../src/node/testnet/create-testnet.ts'
import type { AddressInfo, Server } from 'node:net'

const FOLDER = new URL('../../../scripts/docker/', import.meta.url).pathname

/** As docker-compose.yml has them. */
const COMMANDS = {
  http: [process.execPath, `${FOLDER}healthcheck.mjs`],
  tcp: ['bash', `${FOLDER}greet.sh`],
} as const

async function check(
  kind: keyof typeof COMMANDS,
  port: number,
): Promise<{ code: unknown; line: string }> {
  const [program, script] = COMMANDS[kind]
  const child = spawn(program, [script, String(port)])
  let line = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (line += text))
  const [code] = (await once(child, 'close')) as [number]
  return { code, line }
}

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

describe('health check of a container', () => {
  const servers: Server[] = []
  const listen = (server: Server): Promise<number> => {
    servers.push(server)
    return listening(server)
  }
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  it('asks a node, and is as well as its answer', async () => {
    const asked: unknown[] = []
    let status = 503
    const port = await listen(
      createHttpServer((request, response) => {
        asked.push(request.url)
        response.writeHead(status).end('{}')
      }),
    )
    expect(await check('http', port)).to.deep.equal({
      code: 1,
      line: 'sotto: not healthy: HTTP 503\n',
    })
    status = 200
    expect(await check('http', port)).to.deep.equal({ code: 0, line: '' })
    expect(asked).to.deep.equal(['/api/health', '/api/health'])
  })

  it('greets a real peer at its TCP port', async () => {
    const net = await createTestnet({ peers: ['alice'] })
    try {
      const address = net.peer('alice').chat.self.multiaddrs.find((one) => !one.includes('/ws'))
      expect(await check('tcp', Number(/\/tcp\/(\d+)/u.exec(address ?? '')?.[1]))).to.deep.equal({
        code: 0,
        line: '',
      })
    } finally {
      await net.stop()
    }
  })

  it('is not fooled by another program, nor by nobody', async () => {
    const port = await listen(
      createServer((socket) => socket.end('220 mail.example ESMTP ready\r\n')),
    )
    expect(await check('tcp', port)).to.deep.equal({
      code: 1,
      line: 'sotto: not healthy: no libp2p peer\n',
    })
    const free = createServer()
    const freePort = await listening(free)
    free.close()
    expect((await check('tcp', freePort)).line).to.contain('sotto: not healthy: nobody listens')
  })
})
