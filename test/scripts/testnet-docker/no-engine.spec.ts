import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const SCRIPT = new URL('../../../scripts/testnet-docker.ts', import.meta.url).pathname

describe('the container testnet on a machine without Docker', () => {
  it('says plainly that no engine is there, and exits with 2', async () => {
    const env = { ...process.env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
    const child = spawn(process.execPath, ['--import=tsx', SCRIPT], { env })
    const ended = once(child, 'close') as Promise<[number]>
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ])
    expect({ stdout, stderr, code }).to.deep.equal({
      stdout: '',
      stderr:
        'testnet: no Docker engine answers: install Docker and start it, or set DOCKER_HOST\n',
      code: 2,
    })
  })
})
