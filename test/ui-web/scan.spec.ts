import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BORIS, MEI, SELF } from '../../src/ui-web/mock/cast.ts'
import { qrBitmap, qrFilm } from '../fixtures/qr-pictures.ts'
import { MockPage } from './mock-page.ts'
import type { BrowserContextOptions, Page } from 'playwright-core'

/** What the other one's screen shows. */
const code = (other: { fingerprint: string }, expected: { fingerprint: string }): string =>
  `SOTTO1:${other.fingerprint}:${expected.fingerprint}`.toUpperCase()

describe('page that scans', function () {
  this.timeout(60_000)
  let mock: MockPage
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-film-'))
    const film = join(folder, 'boris.y4m')
    await writeFile(film, qrFilm(code(BORIS, SELF)))
    mock = await MockPage.start([
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ])
  })
  after(async () => {
    await mock.stop()
    await rm(folder, { recursive: true })
  })
  afterEach(async () => {
    await mock.closeWindows()
    expect(mock.complaints.splice(0)).to.deep.equal([])
  })

  async function scanner(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await mock.open('', options)
    await page.getByTestId('conversation').filter({ hasText: name }).click()
    await page.getByTestId('details-toggle').click()
    await page.getByTestId('scan-open').click()
    return page
  }
  const result = (page: Page, kind: string) =>
    page.locator(`[data-testid=scan-result][data-result=${kind}]`).waitFor()
  const state = (page: Page, kind: string) =>
    page.locator(`[data-testid=scan-state][data-state=${kind}]`).waitFor()
  const show = (page: Page, picture: Buffer) =>
    page
      .getByTestId('scan-input')
      .setInputFiles({ name: 'a.bmp', mimeType: 'image/bmp', buffer: picture })
  const isFilming = (page: Page) =>
    page.evaluate(() => {
      const stream = document.querySelector('video')?.srcObject as MediaStream | null | undefined
      return stream?.getTracks().some(({ readyState }) => readyState === 'live') === true
    })

  it('reads the code that is held into the camera, and marks the person when asked to', async () => {
    const page = await scanner('Boris', { permissions: ['camera'] })
    await result(page, 'match')
    expect(await isFilming(page)).to.equal(false)
    await page.getByTestId('scan-verify').click()
    await page.getByTestId('scan-result').waitFor({ state: 'detached' })
    await page.locator('[data-testid=verified][data-state=checked]').waitFor()
  })

  it('warns when the code in the camera is somebody else’s', async () => {
    const page = await scanner('Dana', { permissions: ['camera'] })
    await result(page, 'mismatch')
    expect(await page.getByTestId('scan-verify').count()).to.equal(0)
  })

  it('says that the camera was refused, and reads a picture instead', async () => {
    const page = await scanner('Boris')
    await state(page, 'refused')
    await show(page, qrBitmap('https://example.org/'))
    await page.getByTestId('scan-other').waitFor()
    await show(page, Buffer.from('no picture'))
    await page.getByTestId('scan-no-code').waitFor()
    await show(page, qrBitmap(code(MEI, SELF)))
    await result(page, 'mismatch')
    await page.getByTestId('scan-again').click()
    await state(page, 'refused')
    await show(page, qrBitmap(code(BORIS, SELF)))
    await result(page, 'match')
  })

  it('says that there is no camera', async () => {
    const page = await mock.window()
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('none', 'NotFoundError'))
    })
    await page.goto(`${mock.address()}?pace=0.25`)
    await page.getByTestId('conversation').filter({ hasText: 'Boris' }).click()
    await page.getByTestId('details-toggle').click()
    await page.getByTestId('scan-open').click()
    await state(page, 'absent')
  })

  it('lets go of the camera when the dialog is closed', async () => {
    const page = await scanner('Boris', { permissions: ['camera'] })
    await page.evaluate(() => {
      const { mediaDevices } = navigator
      const open = mediaDevices.getUserMedia.bind(mediaDevices)
      const streams: MediaStream[] = []
      Object.assign(globalThis, { streams })
      mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted)
        streams.push(stream)
        return stream
      }
    })
    await result(page, 'match')
    await page.getByTestId('scan-again').click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.waitForFunction(() => {
      const { streams } = globalThis as unknown as { streams: MediaStream[] }
      return streams.every((stream) =>
        stream.getTracks().every(({ readyState }) => readyState === 'ended'),
      )
    })
  })
})
