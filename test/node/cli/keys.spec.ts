import { expect } from 'chai'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FakeTerminal } from './fixtures/fake-program.ts'
import type { Outcome } from './fixtures/fake-program.ts'

const PASSPHRASE = 'correct horse'
const OTHER = 'battery staple'
/** The vector of 32 zero bytes in the reference list of BIP-39 (trezor/python-mnemonic, vectors.json). */
const WORDS = `${'abandon '.repeat(23)}art`

describe('looking after keys', function () {
  this.timeout(60_000)
  let folder: string
  const at = (name: string): string => path.join(folder, name)
  const file = (name: string, text: string): string => {
    writeFileSync(at(name), text)
    return at(name)
  }
  /** A person at a terminal who answers these questions. */
  const type = (
    line: string,
    answers: readonly (readonly [RegExp, string])[] = [],
    data = 'data',
  ): Promise<Outcome> => new FakeTerminal(answers).run([...line.split(' '), '--data', at(data)])
  /** A script that feeds this to standard input. */
  const pipe = (line: string, input = '', data = 'data'): Promise<Outcome> => {
    const terminal = new FakeTerminal([], false)
    terminal.stdin.end(input)
    return terminal.run([...line.split(' '), '--data', at(data)])
  }
  const field = ({ stdout }: Outcome, name: string): string | undefined =>
    new RegExp(`^${name} +(.*)$`, 'mu').exec(stdout)?.[1]

  const expectOneLine = (outcome: Outcome, pattern: RegExp, code = 1): void => {
    expect(outcome.stderr.trim()).to.match(/^sotto: [^\n]*$/u)
    expect(outcome.stderr).to.match(pattern)
    expect(outcome).to.include({ code, stdout: '' })
  }

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-keys-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('shows nobody where nobody has lived, and makes no folder', async () => {
    const commands = ['identity show', 'identity phrase', 'identity export --public']
    for (const command of [...commands, 'passphrase remove']) {
      expectOneLine(await type(command), /holds no identity yet/u)
    }
    expect(existsSync(at('data'))).to.be.false
  })

  it('restores a person from words on standard input, and shows who it is', async () => {
    const restored = await pipe('identity restore', WORDS.toUpperCase())
    expect(restored).to.include({ code: 0, stderr: '' })
    const shown = await type('identity show')
    expect(shown).to.include({ code: 0, stderr: '', stdout: restored.stdout })
    expect(field(shown, 'fingerprint')).to.match(/^[0-9a-f]{64}$/u)
    expect(field(shown, 'peer id')).to.match(/^12D3Koo/u)
    expect(field(shown, 'phrase')).to.equal('24 words')
    const elsewhere = await type('identity restore', [[/24 words/u, `${WORDS}\r`]], 'elsewhere')
    expect(field(elsewhere, 'peer id')).to.equal(field(shown, 'peer id'))
    expect(elsewhere.stderr).to.equal('the 24 words (not shown): \n')
  })

  it('says what is wrong with words and never which word it was', async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['', /24 words/u],
      [WORDS.replace('art', ''), /24 words/u],
      [WORDS.replace('art', 'abandon'), /do not belong together/u],
      [WORDS.replace('art', 'zebrafish'), /word 24 is not in the list/u],
    ]
    for (const [words, pattern] of wrong) {
      const outcome = await pipe('identity restore', words)
      expectOneLine(outcome, pattern)
      expect(outcome.stderr).to.not.match(/zebrafish|abandon/u)
    }
    expect(existsSync(at('data'))).to.be.false
  })

  it('restores nobody over somebody', async () => {
    await pipe('identity restore', WORDS)
    expectOneLine(await pipe('identity restore', WORDS), /identity already/u)
  })

  it('shows the phrase in a terminal after a warning and a yes, and nowhere else', async () => {
    await pipe('identity restore', WORDS)
    const shown = await type('identity phrase', [[/Type yes/u, 'yes\r']])
    expect(shown.stderr).to.match(/can be you/u)
    expect(shown.stderr).to.not.contain('abandon')
    expect(shown.stdout.trim().split(/\s+/u).join(' ')).to.equal(WORDS)
    expect(shown.code).to.equal(0)
    const declined = await type('identity phrase', [[/Type yes/u, 'no\r']])
    expect(declined).to.include({ code: 1, stdout: '' })
    expectOneLine(await pipe('identity phrase', 'yes\n'), /in a terminal only/u)
  })

  it('sets, changes and removes a passphrase', async () => {
    const before = field(await pipe('identity restore', WORDS), 'fingerprint')
    const set = await type('passphrase', [
      [/new passphrase/u, `${PASSPHRASE}\r`],
      [/once more/u, `${PASSPHRASE}\r`],
    ])
    expect(set).to.include({ code: 0, stdout: `passphrase set for ${at('data')}\n` })
    expect(set.stderr + set.stdout).to.not.contain(PASSPHRASE)
    expect(set.rawModes).to.deep.equal([true, false, true, false])

    const shown = await type('identity show', [[/passphrase of/u, `${PASSPHRASE}\r`]])
    expect([field(shown, 'fingerprint'), field(shown, 'passphrase')]).to.deep.equal([before, 'yes'])

    const files = `--passphrase-file ${file('old', `${PASSPHRASE}\n`)}`
    const changed = await pipe(
      `passphrase set ${files} --new-passphrase-file ${file('new', OTHER)}`,
    )
    expect(changed).to.include({ code: 0, stderr: '' })
    expectOneLine(await pipe(`identity show ${files}`), /passphrase does not open/u)

    const removed = await pipe(`passphrase remove --passphrase-file ${at('new')}`)
    expect(removed).to.include({ code: 0, stderr: '' })
    expect(field(await pipe('identity show'), 'fingerprint')).to.equal(before)
  })

  it('says in one line what is wrong with a passphrase, and leaves the folder as it was', async () => {
    const [right, wrong] = [file('right', PASSPHRASE), file('wrong', OTHER)]
    await pipe(`identity restore --passphrase-file ${right}`, WORDS)
    const header = readFileSync(at('data/vault.header'))
    expectOneLine(await pipe(`identity show --passphrase-file ${wrong}`), /does not open/u)
    expectOneLine(await pipe('identity show'), /passphrase is needed.*--passphrase-file/u)
    const missing = await pipe(`identity show --passphrase-file ${at('nowhere')}`)
    expectOneLine(missing, /nowhere cannot be read \(ENOENT\)/u)
    const empty = await pipe(`identity show --passphrase-file ${file('empty', '\nsecond line')}`)
    expectOneLine(empty, /is empty/u)
    const short = `--passphrase-file ${right} --new-passphrase-file ${file('short', 'seven77')}`
    expectOneLine(await pipe(`passphrase set ${short}`), /at least 8 characters/u)
    const unlike = await type(`passphrase --passphrase-file ${right}`, [
      [/new passphrase/u, `${OTHER}\r`],
      [/once more/u, 'something else\r'],
    ])
    expect(unlike.stderr).to.match(/sotto: the two passphrases are not the same\n$/u)
    expect(readFileSync(at('data/vault.header'))).to.deep.equal(header)
    const shown = await pipe(`identity show --passphrase-file ${right}`)
    expect(field(shown, 'passphrase')).to.equal('yes')
  })

  it('exports keys that OpenSSL reads, to a new file of the owner alone, and imports them', async () => {
    const before = await pipe('identity restore', WORDS)
    const pass = `--pem-passphrase-file ${file('pem-pass', `${PASSPHRASE}\n`)}`
    const command = `identity export --out ${at('keys.pem')} --public ${pass}`
    const exported = await pipe(command)
    expect(exported).to.include({ code: 0, stderr: '' })
    expect(statSync(at('keys.pem')).mode & 0o777).to.equal(0o600)
    const key = readFileSync(at('keys.pem'), 'utf8')
    const publicKey = createPublicKey(createPrivateKey({ key, passphrase: PASSPHRASE }))
    expect(publicKey.export({ type: 'spki', format: 'pem' })).to.equal(exported.stdout)
    expectOneLine(
      await pipe(`identity export --out ${at('keys.pem')} ${pass}`),
      /is there already/u,
    )

    const from = `identity import --in ${at('keys.pem')}`
    const wrong = `${from} --pem-passphrase-file ${file('wrong', OTHER)}`
    expectOneLine(await pipe(wrong, '', 'elsewhere'), /passphrase does not open .*keys\.pem/u)
    expect(existsSync(at('elsewhere'))).to.be.false
    const imported = await pipe(`${from} ${pass}`, '', 'elsewhere')
    expect(imported.stderr).to.match(/no recovery phrase/u)
    expect(field(imported, 'fingerprint')).to.equal(field(before, 'fingerprint'))
    expect(field(imported, 'phrase')).to.equal('none: the keys were imported')
    const phrase = await type('identity phrase', [], 'elsewhere')
    expectOneLine(phrase, /this identity has no recovery phrase/u)
  })

  it('imports a key that OpenSSL made, and nothing that is no such key', async () => {
    const pem = { type: 'pkcs8', format: 'pem' } as const
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const made = file('made.pem', privateKey.export(pem).toString())
    expect(await pipe(`identity import --in ${made}`, '', 'made')).to.include({ code: 0 })
    const ed25519 = generateKeyPairSync('ed25519').privateKey.export(pem).toString()
    const other = file('other.pem', ed25519)
    expectOneLine(await pipe(`identity import --in ${other}`), /no P-256 key/u)
    const none = file('none.pem', 'hello')
    expectOneLine(await pipe(`identity import --in ${none}`), /one or two private keys/u)
    expectOneLine(await pipe(`identity import --in ${at('nowhere')}`), /cannot be read/u)
    expect(existsSync(at('data'))).to.be.false
  })

  it('takes no secret as an argument, and names what is missing or foreign', async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['identity', /'identity' needs one of show, phrase, restore, export, import/u],
      ['identity shew', /unknown command 'identity shew'/u],
      ['identity restore abandon', /unexpected argument 'abandon'/u],
      ['passphrase set secret', /unexpected argument 'secret'/u],
      ['passphrase --passphrase secret', /unknown option '--passphrase'/u],
      ['identity export', /needs --out FILE or --public/u],
      ['identity import', /needs --in FILE/u],
      ['identity show --out x', /'--out' is not one of 'identity show'/u],
      ['node --in x', /'--in' is not one of 'node'/u],
    ]
    for (const [line, pattern] of wrong) expectOneLine(await pipe(line), pattern, 2)
  })

  it('has a help of its own for each', async () => {
    for (const topic of ['identity', 'passphrase']) {
      const { code, stdout } = await pipe(`${topic} --help`)
      expect(code).to.equal(0)
      expect(stdout).to.match(new RegExp(`^Usage: sotto ${topic} ACTION`, 'u'))
      expect(stdout).to.not.contain('--listen')
      expect(stdout.split('\n').filter((line) => line.length > 80)).to.deep.equal([])
    }
  })
})
