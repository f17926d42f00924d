import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sotto, type Program } from '../fixtures/program.ts'

const LISTEN = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']
const NODES = 4

describe('a directory of several processes', function () {
  this.timeout(180_000)
  let folder: string
  const running: Program[] = []

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-directory-'))
  })

  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.stop('SIGKILL')))
    rmSync(folder, { recursive: true })
  })

  function start(name: string, command: string, bootstrap: readonly string[]): Program {
    const entrances = bootstrap.flatMap((address) => ['--bootstrap', address])
    const data = ['--data', path.join(folder, name)]
    const page = command === 'node' ? ['--no-page'] : []
    const program = sotto([command, ...page, ...LISTEN, ...data, ...entrances, '--name', name])
    running.push(program)
    return program
  }

  async function addressOf(node: Program): Promise<string> {
    const { match } = await node.printed(/(\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\S+)/u)
    return match[1] ?? ''
  }

  it('finds somebody who is gone, after half of those who hold their profile were killed', async () => {
    const first = start('node 0', 'node', [])
    const bootstrap = await addressOf(first)
    const others = Array.from({ length: NODES - 1 }, (_, n) =>
      start(`node ${n + 1}`, 'node', [bootstrap]),
    )
    const addresses = await Promise.all(others.map(addressOf))
    const alice = start('alice', 'chat', [bootstrap])
    const { match } = await alice.printed(/^ready\talice\t([0-9a-f]{64})/mu)
    expect(await heldByAll(alice)).to.equal(NODES)

    // the one that everybody came in through among them, and the person herself
    const killed = [first, ...others.slice(0, NODES / 2 - 1), alice]
    await Promise.all(killed.map((program) => program.stop('SIGKILL')))

    const bob = start('bob', 'chat', [addresses.at(-1) ?? ''])
    await bob.printed(/^ready\tbob\t/mu)
    bob.write('/open alice\n', false)
    const found = await bob.printed(/^opened\t(\S+)\talice$/mu)
    expect(found.match[1]).to.equal(match[1])
  })
})

/** Registers until every node holds the profile; resolves with how many do. */
async function heldByAll(program: Program): Promise<number> {
  for (let asked = 1; ; asked++) {
    program.write('/register alice\n', false)
    const answers = new RegExp(`(?:^registered\talice\t(\\d+)$[^]*){${asked}}`, 'mu')
    const { match } = await program.printed(answers)
    const held = Number(match[1])
    if (held >= NODES) return held
  }
}
