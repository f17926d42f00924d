import type { Measurement } from '../figure.ts'
import type { MailMethods } from '../child/mail-process.ts'

const DEPOSITS = 60
const LETTERS = 1000

/**
 * A letter laid into three mailboxes of four, from writing it to the third's word that it is on the disk; and a thousand
 * of them collected, opened, checked, stored and removed everywhere. All peers are real and in one process, so both ends
 * share one core; there is nothing to compare with, and the figures are for this machine only.
 */
export const mailbox: Measurement = {
  figures: [
    { key: 'mailbox.deposit.p50', unit: 'ms', baseline: 'none' },
    { key: 'mailbox.collect1000', unit: 'ms', baseline: 'none' },
  ],

  async run(lab) {
    lab.note('mailbox: laying a thousand letters down, collecting them …')
    const mail = await lab.spawn<MailMethods>('mail-process')
    await mail.call.start()
    const deposits: number[] = []
    for (let i = 0; i < LETTERS; i++) {
      const tookMs = await mail.call.deposit(`letter ${i + 1}`)
      if (i >= LETTERS - DEPOSITS) deposits.push(tookMs)
    }
    const { count, ms } = await mail.call.collect()
    if (count !== LETTERS) throw new Error(`${count} of ${LETTERS} letters were collected`)
    return [
      { ours: deposits, baseline: [] },
      { ours: [ms], baseline: [] },
    ]
  },
}
