import { expect } from 'chai'
import { ASK_FIRST_MS } from '../../../src/chat/conversation/constants.ts'
import { copyOf } from '../support/kept.ts'
import { connectSides, Side } from '../support/side.ts'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000

type Channel = OpenedChannel['channel']
type Channels = [Channel, Channel]

describe('delivery', () => {
  let alice: Side
  let bob: Side
  let channels: Channel[]

  beforeEach(async () => {
    alice = new Side('alice', 'bob')
    bob = new Side('bob', 'alice')
    channels = []
    await Promise.all([alice.start(), bob.start()])
  })
  afterEach(async () => {
    for (const side of [alice, bob]) side.flow.stop()
    await Promise.all(channels.map((channel) => channel.close()))
  })

  async function connect(): Promise<Channels> {
    const pair = await connectSides(alice, bob)
    channels.push(...pair)
    return pair
  }

  const countOf = (side: Side, text: string): number =>
    side.messages.filter((message) => message.text === text).length

  describe('over channels that come and go', () => {
    const burst = Array.from({ length: 60 }, (_, index) => `message ${index}`)

    it('goes on with the first that is not acknowledged when a channel dies mid-burst, in order', async () => {
      for (let round = 0; round < 3; round++) {
        const [left] = await connect()
        const part = burst.slice(round * 20, round * 20 + 20)
        await Promise.all(part.map((text) => alice.flow.send(text)))
        await bob.shown(`message ${round * 20 + 3}`)
        left.abort(new Error('the path is gone'))
        await left.closed
      }
      await connect()
      await alice.delivered('message 59')
      await alice.until(() => alice.flow.pending === 0)
      expect(await bob.texts()).to.deep.equal(burst)
      expect(burst.map((text) => countOf(bob, text))).to.deep.equal(burst.map(() => 1))
    })

    it('shows once and in order what goes out on two channels at once', async () => {
      await connect()
      const sending = burst.map((text) => alice.flow.send(text))
      // the second takes over what the first has not settled
      await connect()
      alice.flow.flush()
      await Promise.all(sending)
      await alice.until(() => alice.flow.pending === 0)
      expect(await bob.texts()).to.deep.equal(burst)
      expect(burst.map((text) => countOf(bob, text))).to.deep.equal(burst.map(() => 1))
      expect([...alice.refused, ...bob.refused]).to.deep.equal([])
    })

    it('shows nothing again after both sides started anew, in whatever state', async () => {
      const [left] = await connect()
      const sending = burst.map((text) => alice.flow.send(text))
      await bob.shown('message 20')
      left.abort(new Error('the process is gone'))
      await Promise.all(sending)
      await Promise.all([alice.start(), bob.start()])
      await connect()
      await alice.until(() => alice.flow.pending === 0)
      expect(await bob.texts()).to.deep.equal(burst)
      expect(burst.map((text) => countOf(bob, text))).to.deep.equal(burst.map(() => 1))
    })
  })

  describe('order', () => {
    it('numbers what each side writes, over restarts, whatever was acknowledged', async () => {
      await connect()
      for (const text of ['one', 'two']) await alice.flow.send(text)
      await alice.delivered('two')
      await alice.start()
      await alice.flow.send('three')
      await alice.start()
      await alice.flow.send('four')
      const numbers = (await alice.history.all()).map(({ number }) => number)
      expect(numbers).to.deep.equal([1, 2, 3, 4])
    })

    it('gives no number twice when the program ends before it noted that one was delivered', async () => {
      await connect()
      const { id } = await alice.flow.send('one')
      await alice.delivered('one')
      // its record says from now on that it does not wait
      await alice.flow.edit(id, 'uno')
      await alice.start()
      await alice.flow.send('two')
      const numbers = (await alice.history.all()).map(({ number }) => number)
      expect(numbers).to.deep.equal([1, 2])
    })

    it('shows what somebody saw before they wrote before what they wrote, on both sides', async () => {
      await connect()
      const spoken: string[] = []
      for (let turn = 0; turn < 6; turn++) {
        const [author, reader] = turn % 2 === 0 ? [alice, bob] : [bob, alice]
        const text = `turn ${turn}`
        spoken.push(text)
        await author.flow.send(text)
        await reader.shown(text)
      }
      expect(await alice.texts()).to.deep.equal(spoken)
      expect(await bob.texts()).to.deep.equal(spoken)
      const afters = (await bob.history.all()).filter(({ outgoing }) => outgoing)
      expect(afters.map(({ number, after }) => [number, after])).to.deep.equal([
        [1, 1],
        [2, 2],
        [3, 3],
      ])
    })

    it('keeps the place of a message that others overtook, and fills it when it comes', async () => {
      for (const text of ['one', 'two', 'three']) await alice.flow.send(text)
      const [first, second, third] = await letters(alice)
      for (const letter of [first, third]) await bob.flow.store(letter!, 0)
      expect(bob.flow.missing).to.equal(1)
      await bob.flow.send('meanwhile')
      expect((await bob.history.all()).at(-1)).to.include({ number: 1, after: 1 })
      await bob.start()
      expect(bob.flow.missing).to.equal(1)
      await bob.flow.store(second!, 0)
      expect(bob.flow.missing).to.equal(0)
      expect(await bob.texts()).to.deep.equal(['one', 'two', 'three', 'meanwhile'])
    })
  })

  describe('gaps', () => {
    it('are asked for, and closed by the message itself', async () => {
      await connect()
      for (const text of ['one', 'two', 'three']) await alice.flow.send(text)
      await alice.until(() => alice.flow.pending === 0)
      const [left] = channels
      await left!.close()
      // a bob who has only the third, as if the letters before it were still on their way
      const [, , third] = await letters(alice)
      bob = new Side('bob', 'alice')
      await bob.start()
      await bob.flow.store(third!, 0)
      expect(bob.flow.missing).to.equal(2)
      await connect()
      await Promise.all([bob.shown('one'), bob.shown('two')])
      expect(bob.flow.missing).to.equal(0)
      expect((await bob.texts()).slice(0, 3)).to.deep.equal(['one', 'two', 'three'])
    }).timeout(ASK_FIRST_MS + 8000)

    it('are told to the user when they have lasted, and at once where they outlast the program', async () => {
      for (const text of ['one', 'two', 'three', 'four', 'five']) await alice.flow.send(text)
      const [first, , third, fourth, fifth] = await letters(alice)
      await bob.flow.store(first!, 0)
      await bob.flow.store(third!, 0)
      expect(bob.flow.overdue).to.equal(0)
      await bob.until(() => bob.flow.overdue === 1)
      await bob.flow.store(fifth!, 0)
      expect([bob.flow.missing, bob.flow.overdue]).to.deep.equal([2, 1])
      await bob.flow.store(fourth!, 0)
      bob.flow.stop()
      await bob.start()
      expect(bob.flow.overdue).to.equal(1)
    }).timeout(ASK_FIRST_MS + 8000)

    it('are closed when their author took the message back or gave it up', async () => {
      await alice.flow.send('given up')
      await alice.flow.giveUp('expired')
      await alice.flow.send('sent')
      await connect()
      await alice.delivered('sent')
      expect(bob.flow.missing).to.equal(1)
      await bob.until(() => bob.flow.missing === 0)
      expect(await bob.texts()).to.deep.equal(['sent'])
      // tried again it is a new message to the order, and the same one to the history
      const [givenUp] = await alice.flow.all()
      await alice.flow.retry(givenUp!.id)
      await alice.delivered('given up')
      expect(await bob.texts()).to.deep.equal(['sent', 'given up'])
    }).timeout(ASK_FIRST_MS + 8000)
  })

  describe('state that went back', () => {
    it('loses nothing where numbers are given a second time, and goes on above those that the other side knows', async () => {
      await connect()
      for (const text of ['one', 'two']) await alice.flow.send(text)
      await alice.until(() => alice.flow.pending === 0)
      const backup = await copyOf(alice.store)
      for (const text of ['three', 'four']) await alice.flow.send(text)
      await alice.until(() => alice.flow.pending === 0)
      const [left] = channels
      await left!.close()
      alice.store = backup
      await alice.start()
      await alice.flow.send('three again')
      await connect()
      await alice.delivered('three again')
      await bob.flow.send('heard you')
      await alice.shown('heard you')
      await alice.flow.send('above')
      await alice.delivered('above')
      const numbers = (await alice.history.all()).filter(({ outgoing }) => outgoing)
      expect(numbers.map(({ number }) => number)).to.deep.equal([1, 2, 3, 5])
      const texts = (await bob.texts()).filter((text) => text !== 'theirs')
      expect(texts).to.deep.equal([
        'one',
        'two',
        'three',
        'four',
        'three again',
        'heard you',
        'above',
      ])
    })
  })

  describe('long texts', () => {
    const long = Array.from({ length: 6000 }, (_, index) => `word ${index}`)
      .join(' ')
      .slice(0, 60_000)

    /** Sends the long text on a channel that dies when so many parts of it have arrived. */
    async function cutAfter(parts: number, left: Channel, right: Channel): Promise<void> {
      const send = left.sendPart.bind(left)
      const gone = left.closed.then(() => Promise.reject(new Error('gone')))
      gone.catch(() => undefined)
      let sent = 0
      left.sendPart = (data) => (sent++ < parts ? send(data) : gone)
      await alice.flow.send(long)
      while (right.bytesReceived < parts * 1026) await new Promise(setImmediate)
      left.abort(new Error('the path is gone'))
      await right.closed
    }

    it('arrive whole, between short ones, in order', async () => {
      await connect()
      for (const text of ['before', long, 'behind']) await alice.flow.send(text)
      await alice.delivered('behind')
      expect(await bob.texts()).to.deep.equal(['before', long, 'behind'])
    })

    it('travel on from where they were cut off: no part a second time', async () => {
      const [left, right] = await connect()
      await cutAfter(30, left, right)
      await alice.flow.send('behind')
      const [again] = await connect()
      await alice.delivered('behind')
      expect(await bob.texts()).to.deep.equal([long, 'behind'])
      // the profile, the announcement and the text behind it take three frames more
      const parts = Math.ceil(long.length / 880)
      expect(again.bytesSent / 1026).to.be.within(parts - 30, parts - 30 + 4)
    })

    it('travel on from there when their author’s program was started anew', async () => {
      const [left, right] = await connect()
      await cutAfter(30, left, right)
      await alice.start()
      const [again] = await connect()
      await alice.delivered(long)
      expect(await bob.texts()).to.deep.equal([long])
      const parts = Math.ceil(long.length / 880)
      expect(again.bytesSent / 1026).to.be.within(parts - 30, parts - 30 + 4)
    })

    it('travel whole again to somebody who has forgotten the parts', async () => {
      const [left, right] = await connect()
      await cutAfter(30, left, right)
      await bob.start()
      await connect()
      await alice.delivered(long)
      expect(await bob.texts()).to.deep.equal([long])
    })
  })

  describe('frames', () => {
    const FRAME_BYTES = 1026

    it('are shared by short messages that are written within a moment', async () => {
      const [left] = await connect()
      await alice.flow.send('first')
      await alice.delivered('first')
      const before = left.bytesSent
      const texts = Array.from({ length: 20 }, (_, index) => `short ${index}`)
      await Promise.all(texts.map((text) => alice.flow.send(text)))
      await alice.delivered('short 19')
      // an envelope of such a text has about 210 bytes, and a frame holds 906
      expect((left.bytesSent - before) / FRAME_BYTES).to.be.at.most(7)
    })

    it('are fewer where the two have agreed to deflate, and only then', async () => {
      const text = 'Let us say the same thing over and over again. '.repeat(60)
      const counts: number[] = []
      for (const compression of [false, true]) {
        const [left] = await connect()
        await alice.flow.side.updateSettings({ compression })
        await alice.flow.send('ready')
        await alice.until(() => alice.flow.pending === 0)
        const before = left.bytesSent
        await alice.flow.send(text + String(compression))
        await alice.delivered(text + String(compression))
        counts.push((left.bytesSent - before) / FRAME_BYTES)
      }
      expect(counts[0]).to.be.at.least(4)
      expect(counts[1]).to.equal(1)
      expect((await bob.texts()).at(-1)).to.equal(`${text}true`)
    })
  })

  describe('cover', () => {
    it('is put over both directions when one side wants it, and taken off again', async () => {
      const [left, right] = await connect()
      await alice.flow.side.updateSettings({ cover: 4 })
      await alice.until(() => alice.flow.cover.isActive)
      await bob.until(() => bob.flow.cover.isActive)
      await alice.flow.send('under cover')
      await alice.delivered('under cover')
      await alice.flow.side.updateSettings({ cover: 0 })
      await alice.until(() => !alice.flow.cover.isActive)
      await bob.until(() => !bob.flow.cover.isActive)
      expect([left.isCovered, right.isCovered]).to.deep.equal([false, false])
      await bob.flow.send('in the open')
      await bob.delivered('in the open')
    })

    it('comes with the next channel as well, at the rate that was chosen, and costs what it says', async () => {
      await alice.flow.side.updateSettings({ cover: 16 })
      const [left, right] = await connect()
      await bob.until(() => bob.flow.cover.isActive)
      const before = [left.bytesSent, right.bytesSent]
      await new Promise((resolve) => setTimeout(resolve, 1500))
      const frames = [left, right].map(({ bytesSent }, side) => (bytesSent - before[side]!) / 1026)
      expect(frames[0]).to.be.within(17, 26)
      // whoever only goes along does so at four a second
      expect(frames[1]).to.be.within(4, 8)
      expect(alice.flow.cover.bytesPerHour).to.equal(16 * 1056 * 3600)
      expect(bob.flow.cover.bytesPerHour).to.equal(4 * 1056 * 3600)
    })

    it('is not set to a rate that is not offered', async () => {
      for (const cover of [-1, 1, 1000, NaN]) {
        const error = await alice.flow.side.updateSettings({ cover }).catch((err: unknown) => err)
        expect(error).to.have.property('name', 'InvalidSettingError')
      }
    })
  })

  describe('clocks', () => {
    for (const skewMs of [-9 * DAY_MS, 9 * DAY_MS, -400 * DAY_MS]) {
      it(`that stand ${skewMs / DAY_MS} days apart change neither delivery nor order`, async () => {
        bob.now += skewMs
        await connect()
        const spoken = ['one', 'two', 'three', 'four']
        for (const [turn, text] of spoken.entries()) {
          const [author, reader] = turn % 2 === 0 ? [alice, bob] : [bob, alice]
          await author.flow.send(text)
          await reader.shown(text)
        }
        await Promise.all([alice.delivered('three'), bob.delivered('four')])
        expect(await alice.texts()).to.deep.equal(spoken)
        expect(await bob.texts()).to.deep.equal(spoken)
        const [one] = bob.messages
        expect(Math.abs(one!.timestamp - bob.now)).to.be.lessThan(60_000)
        expect([...alice.refused, ...bob.refused]).to.deep.equal([])
      })
    }

    for (const jumpMs of [-30 * DAY_MS, 30 * DAY_MS]) {
      it(`that are set by ${jumpMs / DAY_MS} days while a channel is up lose nothing`, async () => {
        await connect()
        await alice.flow.send('before')
        await bob.shown('before')
        alice.now += jumpMs
        await alice.flow.send('after the author set it')
        await bob.shown('after the author set it')
        bob.now += jumpMs
        await alice.flow.send('after the reader set it')
        await bob.shown('after the reader set it')
        expect([...alice.refused, ...bob.refused]).to.deep.equal([])
        expect(await bob.texts()).to.deep.equal([
          'before',
          'after the author set it',
          'after the reader set it',
        ])
      })

      it(`that are set by ${jumpMs / DAY_MS} days while a message waits do not make it old`, async () => {
        await alice.flow.send('waiting')
        alice.now += jumpMs
        await connect()
        await alice.delivered('waiting')
        expect(bob.refused).to.deep.equal([])
      })
    }

    it('that were set back between two runs do not make a message one from the future', async () => {
      await alice.flow.send('written by a clock that was ahead')
      alice.now -= 3 * DAY_MS
      await alice.start()
      await connect()
      await alice.delivered('written by a clock that was ahead')
    })

    it('let a message that became too old be tried again', async () => {
      const { id } = await alice.flow.send('old')
      alice.elapsed += 15 * DAY_MS
      alice.now += 15 * DAY_MS
      bob.now += 15 * DAY_MS
      await connect()
      await alice.until(() => alice.changes.at(-1)?.reason === 'expired')
      await alice.flow.retry(id)
      await alice.delivered('old')
      expect(await bob.texts()).to.deep.equal(['old'])
    })
  })

  it('does not show again what was taken out and is sent again', async () => {
    const { id } = await alice.flow.send('burned')
    const [letter] = await letters(alice)
    await bob.flow.store(letter!, 0)
    const stored = await bob.history.get(id)
    await bob.history.remove(stored!)
    await bob.start()
    bob.messages.length = 0
    await bob.flow.store(letter!, 0)
    expect(await bob.texts()).to.deep.equal([])
    expect(bob.messages).to.deep.equal([])
  })

  /** What would travel of everything that alice wrote, as a letter carries it. */
  async function letters(side: Side) {
    const messages = await side.flow.all()
    return messages.map(({ id, timestamp, text, number, after }) => ({
      type: 'text' as const,
      id,
      timestamp,
      text,
      ...(number === undefined ? {} : { number }),
      ...(after === undefined ? {} : { after }),
    }))
  }
})
