import { expect } from 'chai'
import { DEFAULT_PREFERENCES, UserPreferences } from '../../../src/chat/preferences/preferences.ts'
import { KeptStore } from '../support/kept.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { rejection } from '../support/rejection.ts'
import type { Preferences } from '../../../src/chat/api.ts'

describe('preferences', () => {
  let records: RecordStore
  let told: Preferences[]

  beforeEach(() => {
    records = new RecordStore(new KeptStore(), new Vault(nodeCrypto, new Uint8Array(32)))
    told = []
  })

  function start(): UserPreferences {
    return new UserPreferences(records, (preferences) => told.push(preferences))
  }

  it('share everything until the user says otherwise', async () => {
    const preferences = start()
    await preferences.load()
    expect(preferences.current).to.deep.equal(DEFAULT_PREFERENCES)
    expect(told).to.deep.equal([])
  })

  it('are in force before they are stored, told once, and there again after a restart', async () => {
    const preferences = start()
    const stored = preferences.update({ presence: { shareOnline: false } })
    const expected = {
      ...DEFAULT_PREFERENCES,
      presence: { ...DEFAULT_PREFERENCES.presence, shareOnline: false },
    }
    expect(preferences.current).to.deep.equal(expected)
    expect(await stored).to.deep.equal(expected)
    await preferences.update({ presence: { shareOnline: false } })
    expect(told).to.deep.equal([expected])
    const again = start()
    await again.load()
    expect(again.current).to.deep.equal(expected)
  })

  it('keep what a newer program chose, and default what an older one did not know', async () => {
    await records.put('preferences', {
      typing: false,
      presence: { shareOnline: false },
      later: true,
    })
    const preferences = start()
    await preferences.load()
    expect(preferences.current).to.deep.equal({
      ...DEFAULT_PREFERENCES,
      typing: false,
      presence: { ...DEFAULT_PREFERENCES.presence, shareOnline: false },
      later: true,
    })
  })

  it('refuse what is neither true nor false, and change nothing', async () => {
    const preferences = start()
    const wrong = { typing: 'no' } as unknown as { typing: boolean }
    expect(await rejection(() => preferences.update(wrong))).to.equal('InvalidSettingError')
    expect(preferences.current).to.deep.equal(DEFAULT_PREFERENCES)
  })
})
