import { expect } from 'chai'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { sotto } from '../fixtures/program.ts'

describe('sotto chat --anonymous', function () {
  this.timeout(60_000)
  let net: Testnet<never>
  let home: string

  before(async () => {
    net = await createTestnet({ peers: [] })
    home = await mkdtemp(path.join(tmpdir(), 'sotto-nobody-'))
  })
  after(async () => {
    await net.stop()
    await rm(home, { recursive: true, force: true })
  })

  it('comes up as somebody new, by relayed addresses, and leaves nothing on the disk', async () => {
    const folders = ['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME']
    const env = {
      HOME: home,
      TMPDIR: home,
      ...Object.fromEntries(folders.map((name) => [name, path.join(home, name)])),
    }
    const [bootstrap = ''] = net.bootstrap
    const people = new Set<string>()
    for (let run = 0; run < 2; run++) {
      const program = sotto(['chat', '--anonymous', '--bootstrap', bootstrap], env)
      const { match } = await program.printed(/^ready\t\S*\t([0-9a-f]{64})/mu)
      people.add(match[1] ?? '')
      program.write('/join #tea\n/me\n/quit\n')
      const { code, stdout } = await program.ended
      expect(code).to.equal(0)
      const addresses = stdout.split('\n').filter((line) => line.startsWith('address'))
      expect(addresses.filter((line) => !line.includes('/p2p-circuit'))).to.deep.equal([])
      // the loader that runs the sources in tests keeps what it compiled
      const written = (await readdir(home)).filter((name) => !name.startsWith('tsx-'))
      expect(written).to.deep.equal([])
    }
    expect(people.size).to.equal(2)
  })

  it('says in one line what cannot both be meant', async () => {
    const given = ['chat', '--anonymous', '--bootstrap', net.bootstrap[0] ?? '']
    for (const more of [
      ['--data', home],
      ['--name', 'me'],
      ['--announce', '/ip4/192.0.2.1/tcp/1'],
    ]) {
      const { code, stderr } = await sotto([...given, ...more]).ended
      expect(code).to.equal(2)
      expect(stderr).to.match(
        /^[^\n]*--(?:data|name|announce)' contradicts '--anonymous'[^\n]*\n$/u,
      )
    }
    const { code, stderr } = await sotto(['node', '--anonymous']).ended
    expect(code).to.equal(2)
    expect(stderr).to.contain("'--anonymous' needs '--bootstrap'")
  })
})
