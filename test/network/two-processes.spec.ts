import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sotto, type Program } from '../fixtures/program.ts'

const LISTEN = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']

describe('two processes', function () {
  this.timeout(60_000)
  let folder: string
  const running: Program[] = []

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-two-'))
  })

  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.stop('SIGKILL')))
    rmSync(folder, { recursive: true })
  })

  function start(name: string, args: readonly string[]): Program {
    const program = sotto([...args, ...LISTEN, '--data', path.join(folder, name), '--name', name])
    running.push(program)
    return program
  }

  async function startNode(): Promise<string> {
    const node = start('node', ['node', '--no-page'])
    const { match } = await node.printed(/(\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\S+)/u)
    return match[1] ?? ''
  }

  it('find each other by name over TCP and talk, and each is told what arrived', async () => {
    const bootstrap = await startNode()
    const alice = start('alice', ['chat', '--bootstrap', bootstrap])
    const bob = start('bob', ['chat', '--bootstrap', bootstrap])
    const ready = await alice.printed(/^ready\talice\t([0-9a-f]{64})/mu)
    await bob.printed(/^ready\tbob\t/mu)
    await Promise.all([register(alice, 'alice'), register(bob, 'bob')])

    await openByName(bob, 'alice')
    bob.write('hello from another process\n', false)
    // who is no contact yet asks first
    await alice.printed(/^request\t\S+\tbob\t/mu)
    alice.write('/accept bob\n', false)
    await alice.printed(/^opened\t\S+\tbob/mu)
    alice.write('/history\n', false)
    const there = await alice.printed(
      /^history\t(\S+)\tin\t\S+\tbob\t\S+\treceived\thello from another process$/mu,
    )
    await bob.printed(new RegExp(`^state\t${there.match[1] ?? ''}\t(?:delivered|read)`, 'mu'))

    alice.write('and back\n', false)
    const back = await bob.printed(/^message\t\S+\tin\t(\S+)\talice\t\S+\tand back$/mu)
    expect(back.match[1]).to.equal(ready.match[1])
    alice.write('/quit\n')
    expect(await alice.ended).to.include({ code: 0 })
  })

  it('keep their identity and their conversation over a restart, and deliver what waited', async () => {
    const bootstrap = await startNode()
    const alice = start('alice', ['chat', '--bootstrap', bootstrap])
    const trusting = ['--strangers', 'accept']
    const first = start('bob', ['chat', '--bootstrap', bootstrap, ...trusting])
    const before = await first.printed(/^ready\tbob\t([0-9a-f]{64})\t(\S+)/mu)
    await alice.printed(/^ready\talice\t/mu)
    await register(first, 'bob')
    await openByName(alice, 'bob')
    alice.write('first\n', false)
    await first.printed(/^message\t\S+\tin\t\S+\talice\t\S+\tfirst$/mu)
    await first.stop('SIGKILL')
    await alice.printed(/^link\t\S+\tbob\toffline/mu)
    alice.write('written while bob is away\n', false)
    await alice.printed(/^state\t\S+\tqueued\tpeer-offline/mu)

    const second = start('bob', ['chat', '--bootstrap', bootstrap])
    const after = await second.printed(/^ready\tbob\t([0-9a-f]{64})\t(\S+)/mu)
    expect(after.match.slice(1)).to.deep.equal(before.match.slice(1))
    await second.printed(/^message\t\S+\tin\t\S+\talice\t\S+\twritten while bob is away$/mu)
  })
})

/** Resolves when somebody else holds the profile, so that the name can be found. */
async function register(program: Program, name: string): Promise<void> {
  for (let asked = 1; ; asked++) {
    program.write(`/register ${name}\n`, false)
    const answers = new RegExp(`(^registered\t${name}\t\\d+$[^]*){${asked}}`, 'mu')
    const { match } = await program.printed(answers)
    if (!/^registered\t\S+\t0$/mu.test(match[1] ?? '')) return
  }
}

async function openByName(program: Program, name: string): Promise<void> {
  program.write(`/open ${name}\n`, false)
  await program.printed(new RegExp(`^opened\t\\S+\t${name}$`, 'mu'))
}
