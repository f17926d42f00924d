import { expect } from 'chai'
import { FakeChat, fakePerson } from './fixtures/fake-chat.ts'
import { runAtPipe } from './fixtures/run.ts'

const bob = fakePerson('bob', 'b0bb0bb0')

function kinds(lines: readonly (readonly string[])[], kind: string): (readonly string[])[] {
  return lines.filter(([first]) => first === kind)
}

describe('the terminal at a pipe', () => {
  it('opens, sends, waits for delivery and says so', async () => {
    const chat = new FakeChat()
    chat.delivers = true
    chat.directory.set('bob', [bob])
    const { code, lines } = await runAtPipe(chat, ['/open bob', 'hello', '//shrug'])
    expect(lines[0]).to.deep.equal(['ready', 'alice', chat.self.fingerprint, '12D3KooAlice'])
    expect(kinds(lines, 'opened')).to.deep.equal([['opened', bob.fingerprint, 'bob']])
    expect(kinds(lines, 'message').map((line) => line.at(-1))).to.deep.equal(['hello', '/shrug'])
    expect(kinds(lines, 'state').map((line) => line[2])).to.include.members([
      'queued',
      'sent',
      'delivered',
    ])
    expect(lines.at(-1)).to.deep.equal(['end', '2', '0'])
    expect(code).to.equal(0)
  })

  it('shows what was said once more, and no more of it than was asked for', async () => {
    const chat = new FakeChat()
    chat.delivers = true
    chat.directory.set('bob', [bob])
    const { code, lines } = await runAtPipe(chat, ['/open bob', 'one', 'two\tthree', '/history 1'])
    expect(kinds(lines, 'history').map((line) => line.slice(2, 5))).to.deep.equal([
      ['out', bob.fingerprint, 'bob'],
    ])
    expect(kinds(lines, 'history')[0]?.at(-1)).to.equal('two    three')
    expect(kinds(lines, 'history-end')).to.deep.equal([['history-end', '1']])
    expect(code).to.equal(0)
  })

  it('shows no history of nobody, nor of a length that is no number', async () => {
    const chat = new FakeChat()
    chat.directory.set('bob', [bob])
    const { lines } = await runAtPipe(chat, ['/history', '/open bob', '/history -1', '/history x'])
    expect(kinds(lines, 'error').map((line) => line[1])).to.deep.equal(Array(3).fill('UsageError'))
    expect(kinds(lines, 'history-end')).to.deep.equal([])
  })

  it('gives up on a message that is not delivered in time', async () => {
    const chat = new FakeChat()
    chat.directory.set('bob', [bob])
    const { code, lines } = await runAtPipe(chat, ['/open bob', 'hello'], { drainTimeoutMs: 20 })
    expect(lines.at(-1)).to.deep.equal(['end', '0', '1'])
    expect(code).to.equal(1)
  })

  it('counts a failed message as undelivered', async () => {
    const chat = new FakeChat()
    chat.directory.set('bob', [bob])
    chat.addEventListener('message', ({ detail }) => {
      queueMicrotask(() => {
        chat.move(detail.id, { state: 'failed', reason: 'handshake-failed' })
      })
    })
    const { code, lines } = await runAtPipe(chat, ['/open bob', 'hello'])
    expect(kinds(lines, 'state').at(-1)?.slice(2)).to.deep.equal(['failed', 'handshake-failed'])
    expect(code).to.equal(1)
  })

  it('names the error of a line that fails, goes on, and exits with 1', async () => {
    const chat = new FakeChat()
    const { code, lines } = await runAtPipe(chat, [
      '/open nobody',
      '/opne x',
      'hello',
      '/rooms now',
      '/me',
    ])
    expect(kinds(lines, 'error').map((line) => line[1])).to.deep.equal([
      'PersonNotFoundError',
      'UsageError',
      'UsageError',
      'UsageError',
    ])
    expect(kinds(lines, 'error')[1]?.[2]).to.equal('there is no /opne: did you mean /open?')
    expect(kinds(lines, 'self')).to.have.length(1)
    expect(code).to.equal(1)
  })

  it('tells a network that does not answer from one that knows nobody', async () => {
    const chat = new FakeChat()
    chat.lookupUnanswered = true
    const { code, lines } = await runAtPipe(chat, ['/open nobody'])
    expect(kinds(lines, 'error')).to.deep.equal([
      ['error', 'LookupUnansweredError', 'the network did not answer in time'],
    ])
    expect(code).to.equal(1)
  })

  it('asks by number when several have one name', async () => {
    const chat = new FakeChat()
    const other = fakePerson('bob', 'b0bbeef0', { known: false })
    chat.directory.set('bob', [bob, other])
    const { lines } = await runAtPipe(chat, ['/open bob', '2'])
    expect(kinds(lines, 'choice').map((line) => line.slice(1, 6))).to.deep.equal([
      ['1', bob.fingerprint, 'online', 'known', 'bob'],
      ['2', other.fingerprint, 'online', 'new', 'bob'],
    ])
    expect(chat.calls).to.include(`open ${other.fingerprint}`)
  })

  it('opens by a fingerprint in groups and by its first digits without asking the network', async () => {
    const chat = new FakeChat()
    chat.meet(bob)
    const grouped = bob.fingerprint.replace(/.{4}/gu, '$& ')
    await runAtPipe(chat, [`/open ${grouped}`, '/open B0BB0BB0'])
    expect(chat.calls.filter((call) => call.startsWith('open'))).to.have.length(2)
    expect(chat.calls.filter((call) => call.startsWith('lookup'))).to.have.length(0)
  })

  it('opens somebody at hand by a name that the network does not know', async () => {
    const chat = new FakeChat()
    chat.meet(bob)
    const { code } = await runAtPipe(chat, ['/open Bob'])
    expect(chat.calls).to.deep.equal(['lookup Bob', `open ${bob.fingerprint}`, 'markRead'])
    expect(code).to.equal(0)
  })

  it('keeps one line a message whatever the message holds', async () => {
    const chat = new FakeChat()
    chat.directory.set('bob', [bob])
    chat.addEventListener('conversation:change', () => undefined)
    chat.meet(bob)
    chat.joinRoom('garden').catch(() => undefined)
    queueMicrotask(() => {
      chat.receive(bob, 'a\tb\nend\t9\t0\\\x1b[2J\u202e')
    })
    const { lines } = await runAtPipe(chat, ['/who'])
    expect(kinds(lines, 'message')[0]?.at(-1)).to.equal('a    b\\nend    9    0\\\\␛[2J\ufffd')
    expect(kinds(lines, 'end')).to.deep.equal([['end', '0', '0']])
  })

  it('joins, talks in, lists and leaves rooms', async () => {
    const chat = new FakeChat()
    const { code, lines } = await runAtPipe(chat, [
      '/join #garden',
      'hello all',
      '/rooms',
      '/leave',
      'lost',
    ])
    expect(chat.calls).to.include('sendToRoom garden hello all')
    expect(kinds(lines, 'room-opened')).to.deep.equal([['room-opened', 'garden']])
    expect(kinds(lines, 'room-message')[0]?.slice(2, 6)).to.deep.equal([
      'out',
      'garden',
      chat.self.fingerprint,
      'alice',
    ])
    expect(kinds(lines, 'room')).to.deep.equal([
      ['room', 'lobby', 'joined', '0', '0'],
      ['room', 'garden', 'joined', '0', '0'],
    ])
    expect(chat.calls).to.include('leaveRoom garden')
    expect(code).to.equal(1)
  })

  it('registers, compares, verifies, retries and reports', async () => {
    const chat = new FakeChat()
    chat.directory.set('bob', [bob])
    chat.refused = { ReplayedFrameError: 3 }
    chat.meet(bob)
    const sent = await chat.send(bob.fingerprint, 'before')
    chat.move(sent.id, { state: 'failed' })
    const script = [
      '/register Alice A',
      '/open bob',
      '/fingerprint',
      '/verify',
      '/verify no',
      '/retry',
      '/status',
    ]
    const { code, lines } = await runAtPipe(chat, script, { logFile: '/tmp/sotto.log' })
    expect(kinds(lines, 'registered')).to.deep.equal([['registered', 'Alice A', '4']])
    expect(kinds(lines, 'fingerprint').map((line) => line[2])).to.deep.equal([
      bob.fingerprint,
      chat.self.fingerprint,
    ])
    expect(kinds(lines, 'verified').map((line) => line[2])).to.deep.equal(['yes', 'no'])
    expect(chat.calls).to.include(`retry ${sent.id}`)
    expect(kinds(lines, 'status')).to.deep.equal([
      ['status', 'connections', '3'],
      ['status', 'refused', 'ReplayedFrameError', '3'],
      ['status', 'log', '/tmp/sotto.log'],
    ])
    expect(code).to.equal(0)
  })

  it('reports links, alarms and the first refusal of a kind', async () => {
    const chat = new FakeChat()
    queueMicrotask(() => {
      chat.setConversation(bob, { link: { state: 'connecting' } })
      const link = {
        state: 'secure',
        path: 'relayed',
        since: 1,
        multiaddr: '/ip4/192.0.2.9',
      } as const
      chat.setConversation(bob, { link })
      chat.setConversation(bob, { link: { ...link, since: 2 } })
      chat.setConversation(bob, {
        alarm: { kind: 'identity-changed', fingerprint: 'f'.repeat(64) },
      })
      chat.refuse('ReplayedFrameError')
      chat.refuse('ReplayedFrameError')
    })
    const { lines } = await runAtPipe(chat, ['/me'])
    expect(kinds(lines, 'link').map((line) => line.slice(2))).to.deep.equal([
      ['bob', 'connecting', '-'],
      ['bob', 'secure', 'relayed', '/ip4/192.0.2.9'],
    ])
    expect(kinds(lines, 'alarm')).to.deep.equal([
      ['alarm', 'identity-changed', bob.fingerprint, 'bob', 'f'.repeat(64)],
    ])
    expect(kinds(lines, 'refusal')).to.deep.equal([
      ['refusal', 'ReplayedFrameError', '12D3KooMallory'],
    ])
  })

  it('stops at /quit, and when its caller says so', async () => {
    const quit = await runAtPipe(new FakeChat(), ['/quit', '/me'])
    expect(kinds(quit.lines, 'self')).to.have.length(0)
    expect(quit.code).to.equal(0)

    const chat = new FakeChat()
    chat.lookupHangs = true
    const abort = new AbortController()
    const run = runAtPipe(chat, ['/open bob'], { signal: abort.signal })
    setImmediate(() => {
      abort.abort()
    })
    expect((await run).code).to.equal(1)
  })

  it('leaves no listener on the chat', async () => {
    const chat = new FakeChat()
    await runAtPipe(chat, ['/me'])
    expect(chat.listenerCount('message')).to.equal(0)
    expect(chat.listenerCount('conversation:change')).to.equal(0)
  })
})
