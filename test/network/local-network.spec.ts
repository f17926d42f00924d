import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ip } from '../../scripts/natlab/command.ts'
import { Namespace } from '../../scripts/natlab/namespace.ts'
import { needNamespaces } from '../fixtures/namespaces.ts'
import { Program } from '../fixtures/program.ts'

const RUN = path.resolve(import.meta.dirname, '../../scripts/run.mjs')

/** Two machines on one cable, and nothing else in the world. */
describe('a local network', function () {
  this.timeout(120_000)
  const machines: Namespace[] = []
  const running: Program[] = []
  let folder: string

  before(async function () {
    await needNamespaces(this)
  })

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-lan-'))
    const names = ['a', 'b'].map((end) => `sotto-lan-${end}-${process.pid}`)
    for (const name of names) machines.push(await Namespace.create(name, false))
    const [a = '', b = ''] = names
    await ip('link', 'add', 'eth0', 'netns', a, 'type', 'veth', 'peer', 'eth0', 'netns', b)
    for (const [index, machine] of machines.entries()) {
      await machine.ip('address', 'add', `10.83.0.${index + 1}/24`, 'dev', 'eth0')
      await machine.ip('link', 'set', 'eth0', 'up')
      await machine.ip('route', 'add', 'default', 'dev', 'eth0')
    }
  })

  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.stop('SIGKILL')))
    for (const { name } of machines.splice(0)) await ip('netns', 'delete', name)
    rmSync(folder, { recursive: true })
  })

  function start(machine: Namespace | undefined, name: string): Program {
    const listen = ['--listen', '/ip4/0.0.0.0/tcp/0']
    const args = ['chat', '--name', name, '--data', path.join(folder, name), ...listen]
    const command = [process.execPath, RUN, ...args]
    const program = new Program(machine?.command(command) ?? command)
    running.push(program)
    return program
  }

  it('is enough for two to find each other by name and talk, with no bootstrap at all', async () => {
    const [alice, bob] = [start(machines[0], 'alice'), start(machines[1], 'bob')]
    await Promise.all([alice.printed(/^ready\talice\t/mu), bob.printed(/^ready\tbob\t/mu)])
    await register(alice, 'alice')
    bob.write('/open alice\n', false)
    await bob.printed(/^opened\t\S+\talice$/mu)
    bob.write('hello over the cable\n', false)
    await alice.printed(/^request\t\S+\tbob\t/mu)
  })
})

/** Resolves when somebody else holds the profile: they are connected. */
async function register(program: Program, name: string): Promise<void> {
  for (let asked = 1; ; asked++) {
    program.write(`/register ${name}\n`, false)
    const answers = new RegExp(`(?:^registered\t${name}\t(\\d+)$[^]*){${asked}}`, 'mu')
    const { match } = await program.printed(answers)
    if (match[1] !== '0') return
  }
}
