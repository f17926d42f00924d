import { expect } from 'chai'
import { MockPage } from './mock-page.ts'

/** The fake page for every test of the suite that calls this; each ends with its windows closed, and nothing complained. */
export function useMockPage(): Pick<MockPage, 'address' | 'open' | 'window'> {
  let mock: MockPage

  before(async () => {
    mock = await MockPage.start()
  })
  after(async () => {
    await mock.stop()
  })
  afterEach(async () => {
    await mock.closeWindows()
    expect(mock.complaints.splice(0)).to.deep.equal([])
  })

  return {
    address: (host) => mock.address(host),
    open: (query, options, host) => mock.open(query, options, host),
    window: (options) => mock.window(options),
  }
}
