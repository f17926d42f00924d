import { expect } from 'chai'
import { promptLine } from '../../../src/node/cli/prompt-line.ts'
import { failure } from '../../chat/support/rejection.ts'
import { FakeTerminal } from './fixtures/fake-program.ts'

describe('asking for a line', () => {
  const { signal } = new AbortController()
  let terminal: FakeTerminal
  let shown: string
  const ask = (echo = false, stop = signal): Promise<string> => {
    const program = terminal.program([])
    const stderr = Object.assign(program.stderr, {
      write: (text: string) => {
        shown += text
        return true
      },
    })
    return promptLine({ ...program, stderr }, 'secret: ', { echo, signal: stop })
  }
  beforeEach(() => {
    terminal = new FakeTerminal()
    shown = ''
  })

  it('shows nothing of what is typed, and gives the terminal back', async () => {
    const answer = ask()
    terminal.stdin.write('päss wörd')
    terminal.stdin.write('\r')
    expect(await answer).to.equal('päss wörd')
    expect(shown).to.equal('secret: \n')
    expect(terminal.rawModes).to.deep.equal([true, false])
    expect(terminal.stdin.listenerCount('data')).to.equal(0)
  })

  it('shows it where it may be seen', async () => {
    const answer = ask(true)
    terminal.stdin.write('yex\x7fs\n')
    expect(await answer).to.equal('yes')
    expect(shown).to.equal('secret: yex\b \bs\n')
  })

  it('corrects by character, clears, and passes over keys that type nothing', async () => {
    const answer = ask()
    for (const keys of ['wrong\x15', 'ab😀\x7f', '\x1b[A', 'c\t', '\r']) terminal.stdin.write(keys)
    expect(await answer).to.equal('abc')
  })

  it('puts a character together that came in two parts', async () => {
    const answer = ask()
    const bytes = Buffer.from('é\n')
    terminal.stdin.write(bytes.subarray(0, 1))
    terminal.stdin.write(bytes.subarray(1))
    expect(await answer).to.equal('é')
  })

  it('leaves what follows the line to the next question', async () => {
    const first = ask()
    terminal.stdin.write('one\r\ntwo\n')
    expect([await first, await ask()]).to.deep.equal(['one', 'two'])
  })

  it('is cancelled by Ctrl-C, Ctrl-D, the end of input and the signal', async () => {
    const stop = new AbortController()
    const ways: readonly (() => void)[] = [
      () => terminal.stdin.write('abc\x03'),
      () => terminal.stdin.write('\x04'),
      () => terminal.stdin.end(),
      () => {
        stop.abort()
      },
    ]
    for (const cancel of ways) {
      terminal = new FakeTerminal()
      const attempt = failure(() => ask(false, stop.signal))
      cancel()
      expect(await attempt).to.include({ name: 'KeystoreError', message: 'cancelled' })
      expect(terminal.rawModes).to.deep.equal([true, false])
    }
  })
})
