import { expect } from 'chai'
import { TypedEventEmitter } from 'main-event'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createLogger } from '../../../src/node/log/create-logger.ts'
import { openLogFile } from '../../../src/node/log/log-file.ts'
import { logRefusals } from '../../../src/node/log/log-refusals.ts'
import type { ChatEvents } from '../../../src/chat/api.ts'
import type { LogLevel } from '../../../src/node/config/values.ts'

function recorder(level: LogLevel) {
  const lines: string[] = []
  return { lines, log: createLogger(level, { write: (line) => lines.push(line) }) }
}

describe('log', () => {
  it('writes one readable line a record, with the document’s level names', () => {
    const { lines, log } = recorder('DEBUG')
    log.debug('a')
    log.info({ port: 5001, name: 'two words' }, 'b')
    log.warn('c')
    log.error('d')
    expect(lines.map((line) => line.replace(/^\S+Z /u, ''))).to.deep.equal([
      'DEBUG a\n',
      'INFO b port=5001 name="two words"\n',
      'WARNING c\n',
      'ERROR d\n',
    ])
  })

  it('leaves out what is below its level', () => {
    const { lines, log } = recorder('WARNING')
    log.info('a')
    log.warn('b')
    expect(lines).to.have.lengthOf(1)
  })

  it('shows an error’s stack at DEBUG only', () => {
    const err = new RangeError('too far')
    const [quiet, loud] = [recorder('INFO'), recorder('DEBUG')]
    quiet.log.error({ err }, 'failed')
    loud.log.error({ err }, 'failed')
    expect(quiet.lines[0]).to.match(/ERROR failed error=RangeError: too far\n$/u)
    expect(loud.lines[0]).to.match(/\n\s+at /u)
  })

  it('lets nothing from outside forge a line or speak to the terminal', () => {
    const { lines, log } = recorder('INFO')
    log.info({ name: 'x\nERROR forged', text: '\u001b[2J' }, 'a\nb\u001b[2J')
    expect(lines[0]?.trimEnd()).to.not.match(/\p{Cc}/u)
  })

  it('keeps a log file to its owner, and begins a new one when it is long', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-log-'))
    try {
      const name = path.join(folder, 'chat.log')
      writeFileSync(name, 'x'.repeat(5 * 1024 * 1024))
      const file = openLogFile(name)
      file.write('first\n')
      file.close()
      expect(readFileSync(name, 'utf8')).to.equal('first\n')
      expect(statSync(name).mode & 0o777).to.equal(0o600)
      expect(statSync(`${name}.1`).size).to.equal(5 * 1024 * 1024)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('log of refusals', () => {
  it('writes the first of an error at once, then one line in ten seconds with the count', () => {
    const chat = new TypedEventEmitter<ChatEvents>()
    const { lines, log } = recorder('INFO')
    let now = 0
    const stop = logRefusals(chat, log, () => now)
    const refuse = (error: string): void => {
      chat.dispatchEvent(new CustomEvent('refusal', { detail: { error, peerId: 'P', at: 0 } }))
    }
    refuse('ReplayedFrameError')
    for (let i = 0; i < 1000; i++) refuse('ReplayedFrameError')
    refuse('DecryptionError')
    now = 10_000
    refuse('ReplayedFrameError')
    refuse('DecryptionError')
    refuse('DecryptionError')
    stop()
    refuse('DecryptionError')
    expect(lines.map((line) => line.replace(/^\S+Z /u, '').trim())).to.deep.equal([
      'WARNING refused error=ReplayedFrameError count=1 total=1 peerId=P',
      'WARNING refused error=DecryptionError count=1 total=1 peerId=P',
      'WARNING refused error=ReplayedFrameError count=1001 total=1002 peerId=P',
      'WARNING refused error=DecryptionError count=1 total=2 peerId=P',
      'WARNING refused error=DecryptionError count=1 total=3',
    ])
  })
})
