import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sotto, type Program } from '../fixtures/program.ts'

/** Where no page of a node is: who is started so is in no network. */
const ALONE = ['chat', '--no-mdns', '--no-upnp', '--port', '9']

describe('first contact between processes', function () {
  this.timeout(90_000)
  let folder: string
  const running: Program[] = []

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-contact-'))
  })

  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.stop('SIGKILL')))
    rmSync(folder, { recursive: true })
  })

  function start(name: string, port: string, more: readonly string[] = []): Program {
    const listen = ['--listen', `/ip4/127.0.0.1/tcp/${port}`]
    const data = ['--data', path.join(folder, name), '--name', name]
    const program = sotto([...ALONE, ...listen, ...data, ...more])
    running.push(program)
    return program
  }

  it('is made by a link on the command line while its owner is away, and arrives when both are back', async () => {
    const bob = start('bob', '0')
    bob.write('/me\n/link\n', false)
    const [, port = ''] = (await bob.printed(/^address\t\/ip4\/127\.0\.0\.1\/tcp\/(\d+)/mu)).match
    const [, link = ''] = (await bob.printed(/^contact-link\t(sotto:[a-z2-7]+)\t[1-9]/mu)).match
    await bob.stop('SIGKILL')

    const alice = start('alice', '0', ['--open', link])
    await alice.printed(/^opened\t[0-9a-f]{64}\tbob$/mu)
    alice.write('are you there?\n', false)
    await alice.printed(/^contact\t[0-9a-f]{64}\tbob\twaiting\t1\t\d{4}-/mu)
    await alice.printed(/^contact-step\t[0-9a-f]{64}\tlan\tfailed\tno-answer$/mu)
    await alice.printed(/^contact-step\t[0-9a-f]{64}\tdirectory\tfailed\tnobody-to-ask$/mu)
    await alice.stop('SIGKILL')

    // neither the link nor the text is given again
    const again = start('alice', '0')
    await again.printed(/^ready\talice\t/mu)
    const bobAgain = start('bob', port)
    await bobAgain.printed(/^request\t[0-9a-f]{64}\talice\t\d$/mu)
    await again.printed(/^state\t\S+\tdelivered/mu)
    bobAgain.write('/accept alice\n', false)
    await bobAgain.printed(/^opened\t[0-9a-f]{64}\talice$/mu)
    bobAgain.write('I am now\n', false)
    await again.printed(/^message\t\S+\tin\t[0-9a-f]{64}\tbob\t\S+\tI am now$/mu)
  })

  it('refuses a link that was damaged on its way, in one line', async () => {
    const alice = start('alice', '0', ['--open', 'sotto:aeaaaa'])
    await alice.printed(/^error\tInvalidLinkError\tthis link is not complete/mu)
  })
})
