import { expect } from 'chai'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { useMessageWindow } from '../../src/ui-web/composables/use-message-window.ts'

describe('message window', () => {
  const count = ref(0)
  const key = ref('a')
  let scope: EffectScope
  let window: ReturnType<typeof useMessageWindow>

  beforeEach(async () => {
    count.value = 0
    scope = effectScope()
    window = scope.run(() => useMessageWindow(count, key))!
    count.value = 1000
    await nextTick()
  })
  afterEach(() => {
    scope.stop()
  })

  it('shows the end of a long history', () => {
    expect(window.start.value).to.equal(900)
    expect(window.hasOlder.value).to.equal(true)
  })

  it('grows upwards to the very first message', () => {
    for (let i = 0; i < 20; i++) window.showOlder()
    expect(window.start.value).to.equal(0)
    expect(window.hasOlder.value).to.equal(false)
  })

  it('does not move when a message comes', async () => {
    count.value++
    await nextTick()
    expect(window.start.value).to.equal(900)
  })

  it('is cut down again at the end once it has grown large', () => {
    window.showOlder()
    window.trim()
    expect(window.start.value).to.equal(800)
    window.showOlder()
    window.showOlder()
    window.trim()
    expect(window.start.value).to.equal(900)
  })
})
