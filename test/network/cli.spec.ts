import { expect } from 'chai'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { Program, sotto } from '../fixtures/program.ts'
import type { Outcome } from '../fixtures/program.ts'
import type { AddressInfo, Server } from 'node:net'

const QUIET = [
  '--no-mdns',
  '--port',
  '0',
  '--listen',
  '/ip4/127.0.0.1/tcp/0',
  '--listen',
  '/ip4/127.0.0.1/tcp/0/ws',
]
const PAGE = /^page +(http:\/\/localhost:\d+)$/mu
const FINGERPRINT = /^fingerprint +([0-9a-f]{64})$/mu

describe('the program', function () {
  this.timeout(60_000)
  let folder: string
  const running: Program[] = []
  const start = (args: readonly string[], env?: Readonly<Record<string, string>>): Program => {
    const program = sotto(args, env)
    running.push(program)
    return program
  }
  const outcome = (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Outcome> => start(args, env).ended
  const data = (name = 'data'): string => path.join(folder, name)

  before(async () => {
    // Whatever there is to build is built here and not inside a measured start.
    await sotto(['node', '--help']).ended
  })
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-cli-'))
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.stop('SIGKILL')))
    rmSync(folder, { recursive: true })
  })

  /** One line, no stack, and nothing on stdout. */
  const expectOneLine = (result: Outcome, code: number, pattern: RegExp): void => {
    expect(result.stderr).to.match(pattern)
    expect(result.stderr.trimEnd().split('\n')).to.have.lengthOf(1)
    expect(result).to.include({ code, stdout: '' })
  }

  describe('the command line', () => {
    it('answers --help on stdout', async () => {
      const { code, stdout, stderr } = await outcome(['--help'])
      expect(stdout).to.match(/^Usage: sotto COMMAND/u)
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    })

    it('answers --version', async () => {
      expect(await outcome(['--version']))
        .to.have.property('stdout')
        .that.matches(/^sotto \d+\.\d+\.\d+\n$/u)
    })

    it('names a wrong flag, value, variable or command and points to the help', async () => {
      const [flag, value, variable, command] = await Promise.all([
        outcome(['node', '--prot', '1']),
        outcome(['node', '--port', '70000']),
        outcome(['node'], { LOG_LEVEL: 'LOUD' }),
        outcome(['talk']),
      ])
      expectOneLine(flag, 2, /^sotto: unknown option '--prot'; try 'sotto --help'$/mu)
      expectOneLine(value, 2, /^sotto: --port must be .* not '70000'; try/u)
      expectOneLine(variable, 2, /^sotto: LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR/u)
      expectOneLine(command, 2, /^sotto: unknown command 'talk'; try/u)
    })

    it('names a name that cannot be registered', async () => {
      const result = await outcome(['node', ...QUIET, '--memory', '--name', 'a/b\u0007'])
      expectOneLine(result, 2, /^sotto: .*name.*; try 'sotto --help'$/mu)
    })
  })

  describe('what keeps it from starting', () => {
    let taken: Server
    const port = (): number => (taken.address() as AddressInfo).port
    before((done) => {
      taken = createServer().listen(0, '127.0.0.1', done)
    })
    after(() => {
      taken.close()
    })

    it('is told for a page port in use', async () => {
      const result = await outcome(['node', ...QUIET, '--memory', '--port', String(port())])
      expectOneLine(
        result,
        1,
        new RegExp(`^sotto: port ${String(port())} of the page is in use: .*--port`, 'u'),
      )
    })

    it('is told for a listen address in use', async () => {
      const address = `/ip4/127.0.0.1/tcp/${String(port())}`
      const result = await outcome([
        'node',
        '--no-mdns',
        '--no-page',
        '--memory',
        '--listen',
        address,
      ])
      expectOneLine(result, 1, new RegExp(`^sotto: .*${String(port())}`, 'u'))
    })

    it('is told for a data folder that cannot be written', async () => {
      writeFileSync(data('file'), '')
      for (const dir of [data('file'), data('file/below')]) {
        const result = await outcome(['node', ...QUIET, '--data', dir])
        expectOneLine(result, 1, new RegExp(`^sotto: the data folder ${dir} `, 'u'))
      }
    })

    it('is told for a data folder that the system does not let anybody make', async function () {
      this.timeout(10_000)
      const result = await outcome(['node', ...QUIET, '--data', '/proc/sotto'])
      expectOneLine(result, 1, /^sotto: the data folder \/proc\/sotto /u)
    })

    it('is told for a data folder in use', async () => {
      await start(['node', ...QUIET, '--data', data()]).printed(PAGE)
      const result = await outcome(['chat', ...QUIET, '--data', data()])
      expectOneLine(result, 1, /^sotto: the data folder .* is in use/u)
    })

    it('is told for a broken database', async () => {
      const first = start(['node', ...QUIET, '--data', data()])
      await first.printed(PAGE)
      await first.stop()
      const records = data('data/records')
      const manifest = readdirSync(records).find((name) => name.startsWith('MANIFEST-'))
      writeFileSync(path.join(records, manifest!), 'not what LevelDB wrote')
      const result = await outcome(['node', ...QUIET, '--data', data()])
      expectOneLine(result, 1, /^sotto: the database in .* cannot be read/u)
    })

    it('is told for a data folder of another layout, and its key file stays', async () => {
      const first = start(['node', ...QUIET, '--data', data()])
      await first.printed(PAGE)
      await first.stop()
      // Before there was a header the key file sealed the records itself.
      rmSync(data('data/vault.header'))
      const result = await outcome(['node', ...QUIET, '--data', data()])
      expectOneLine(result, 1, /^sotto: the database in .* cannot be read/u)
      expect(statSync(data('data/vault.key')).size).to.equal(32)
    })
  })

  describe('a data folder under a passphrase', () => {
    const file = (name: string, text: string): string => {
      writeFileSync(data(name), text)
      return data(name)
    }
    const protect = async (): Promise<string> => {
      const right = file('right', 'correct horse\n')
      const first = start(['node', ...QUIET, '--data', data()], { SOTTO_PASSPHRASE_FILE: right })
      const { match } = await first.printed(FINGERPRINT)
      await first.printed(PAGE)
      await first.stop()
      return match[1]!
    }

    it('opens by the file that a flag or a variable names, and for the same peer', async () => {
      const fingerprint = await protect()
      expect(readdirSync(data())).to.not.include('vault.key')
      const node = ['node', ...QUIET, '--data', data(), '--passphrase-file', data('right')]
      const { match } = await start(node).printed(FINGERPRINT)
      expect(match[1]).to.equal(fingerprint)
    })

    it('does not open by another passphrase or without one, and is not damaged by it', async () => {
      const fingerprint = await protect()
      const wrong = ['--passphrase-file', file('wrong', 'battery staple')]
      for (const command of ['node', 'chat']) {
        const line = [command, ...QUIET, '--data', data()]
        expectOneLine(await outcome([...line, ...wrong]), 1, /passphrase does not open/u)
        // A pipe is not a person: nobody is asked.
        expectOneLine(await outcome(line), 1, /passphrase is needed.*--passphrase-file/u)
      }
      const show = ['identity', 'show', '--data', data(), '--passphrase-file', data('right')]
      expect(await outcome(show))
        .to.have.property('stdout')
        .that.contains(fingerprint)
    })

    it('is not changed while a node runs in it', async () => {
      await start(['node', ...QUIET, '--data', data()]).printed(PAGE)
      const change = ['passphrase', '--new-passphrase-file', file('new', 'correct horse')]
      expectOneLine(await outcome([...change, '--data', data()]), 1, /in use by another Sotto/u)
    })
  })

  it('is the same peer after a restart, and its folder is its owner’s alone', async () => {
    const first = start(['node', ...QUIET, '--data', data(), '--name', 'alice'])
    const before = await first.printed(FINGERPRINT)
    await first.printed(PAGE)
    await first.stop()
    const second = start(['node', ...QUIET, '--data', data()])
    const after = await second.printed(FINGERPRINT)
    expect(after.match[1]).to.equal(before.match[1])
    await second.printed(/^name +alice$/mu)
    expect(statSync(data()).mode & 0o777).to.equal(0o700)
  })

  it('prints where it is within 1.5 s of `npm run node`, the second time', async () => {
    const times: number[] = []
    for (let round = 0; round < 4; round++) {
      const npm = new Program(
        ['npm', 'run', '--silent', 'node', '--', ...QUIET, '--data', data()],
        {
          HOME: folder,
        },
      )
      running.push(npm)
      const { afterMs } = await npm.printed(PAGE)
      times.push(Math.round(afterMs))
      await npm.stop()
    }
    console.log(`      starts: ${times.join(', ')} ms`)
    // The first one made the keys; the best of the others is what the program takes, not what the machine did else.
    expect(Math.min(...times.slice(1))).to.be.below(1500)
  })

  it('stops cleanly at a signal, with code 0', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const program = start(['node', ...QUIET, '--data', data()])
      await program.printed(PAGE)
      const { code, stderr } = await program.stop(signal)
      expect(stderr).to.match(/ INFO stopping\n$/u)
      expect(code).to.equal(0)
    }
  })

  it('takes another port when a usual one is taken and nobody asked for it, and says so', async () => {
    const holder = createServer().on('error', () => undefined)
    await new Promise<void>((resolve) => {
      // When this fails somebody else holds it, which is as good.
      holder
        .once('error', () => {
          resolve()
        })
        .listen(5001, '0.0.0.0', resolve)
    })
    try {
      const program = start(['node', '--no-mdns', '--port', '0', '--memory'])
      await program.printed(PAGE)
      expect(program.stderr).to.match(
        /^\S+ INFO port is taken: listening on another one port=5001$/mu,
      )
    } finally {
      holder.close()
    }
  })

  it('says so when no browser would open its page', async () => {
    const program = start(['node', '--no-mdns', '--no-upnp', '--memory', '--port', '10080'])
    await program.printed(PAGE)
    expect(program.stderr).to.match(
      /^\S+ WARN(ING)? browsers open no page at this port: .* port=10080$/mu,
    )
  })

  it('serves the page, and a terminal client finds the network there', async () => {
    const node = start(['node', ...QUIET, '--memory'])
    const { match } = await node.printed(PAGE)
    const health = async (): Promise<{ connections: number }> =>
      (await (await fetch(`${match[1]!}/api/health`)).json()) as { connections: number }
    expect(await (await fetch(match[1]!)).text()).to.contain('<title>')
    expect(await health()).to.have.property('connections', 0)

    const { port } = new URL(match[1]!)
    const chat = start(['chat', '--no-mdns', '--data', data(), '--name', 'bob'], { PORT: port })
    await chat.printed(/^ready\tbob\t[0-9a-f]{64}\t/mu)
    while ((await health()).connections === 0)
      await new Promise((resolve) => setTimeout(resolve, 20))
    chat.write('/me\n')
    const { code, stdout, stderr } = await chat.ended
    expect(stdout).to.match(/^self\tbob\t/mu)
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(statSync(data('data/chat.log')).mode & 0o777).to.equal(0o600)
  })
})
