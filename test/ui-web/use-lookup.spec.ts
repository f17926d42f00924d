import { expect } from 'chai'
import { mock } from 'node:test'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import type { LookupResult } from '../../src/chat/api.ts'
import { useLookup } from '../../src/ui-web/composables/use-lookup.ts'
import { ALICE, MEI, OTHER_ALICE } from '../../src/ui-web/mock/cast.ts'
import { MockChat } from '../../src/ui-web/mock/mock-chat.ts'
import { setMockPace } from '../../src/ui-web/mock/pause.ts'
import { pageStores } from './page-stores.ts'

interface Asked {
  readonly query: string
  readonly signal: AbortSignal | undefined
  answer(people: LookupResult['people']): void
  refuse(err: Error): void
}

describe('look-up', () => {
  const query = ref('')
  let scope: EffectScope
  let asked: Asked[]
  let lookup: ReturnType<typeof useLookup>
  let end: () => void

  const flush = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
    await nextTick()
  }
  const type = async (text: string): Promise<void> => {
    query.value = text
    await flush()
  }

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    setMockPace(0)
    asked = []
    query.value = ''
    const chat = new MockChat('busy')
    chat.lookup = (text, options) =>
      new Promise((resolve, reject) => {
        asked.push({
          query: text,
          signal: options?.signal,
          answer: (people) => {
            resolve({ query: text, kind: 'name', people })
          },
          refuse: reject,
        })
      })
    end = pageStores(chat).end
    scope = effectScope()
    lookup = scope.run(() => useLookup(query))!
  })
  afterEach(() => {
    scope.stop()
    end()
    mock.timers.reset()
    setMockPace(1)
  })

  it('shows at once whom we know by that name', async () => {
    await type('mei')
    expect(lookup.results.value.map((one) => one.fingerprint)).to.deep.equal([MEI.fingerprint])
    expect(asked).to.have.length(0)
  })

  it('asks the network once the typing has paused', async () => {
    await type('Al')
    mock.timers.tick(300)
    await type('Alice')
    mock.timers.tick(599)
    await flush()
    expect(asked).to.have.length(0)
    mock.timers.tick(1)
    await flush()
    expect(asked.map((one) => one.query)).to.deep.equal(['Alice'])
    expect(lookup.searching.value).to.equal(true)
  })

  it('adds what the network found, everybody once, known people first', async () => {
    await type('Alice')
    void lookup.lookup()
    asked[0]?.answer([OTHER_ALICE, ALICE])
    await flush()
    expect(lookup.results.value.map((one) => one.fingerprint)).to.deep.equal([
      ALICE.fingerprint,
      OTHER_ALICE.fingerprint,
    ])
    expect(lookup.searching.value).to.equal(false)
  })

  it('gives an answer up that comes for an earlier query', async () => {
    await type('Alice')
    void lookup.lookup()
    await type('Nobody')
    expect(asked[0]?.signal?.aborted).to.equal(true)
    asked[0]?.answer([OTHER_ALICE])
    await flush()
    expect(lookup.results.value).to.deep.equal([])
  })

  it('keeps the reason why nobody was found, until something else is typed', async () => {
    await type('Nobody')
    void lookup.lookup()
    asked[0]?.refuse(new Error('nobody'))
    await flush()
    expect(lookup.failure.value).to.have.property('message', 'nobody')
    await type('Nobod')
    expect(lookup.failure.value).to.equal(undefined)
  })

  it('does not ask twice for what Enter has asked already', async () => {
    await type('Alice')
    void lookup.lookup()
    mock.timers.tick(600)
    await flush()
    expect(asked).to.have.length(1)
  })
})
