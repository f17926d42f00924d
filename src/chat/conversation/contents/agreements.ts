import { MalformedMessageError } from '../../message/errors.ts'
import { isAgreement, type AgreementContent } from '../../message/signals.ts'
import type { ChatNote } from '../../api.ts'
import type { Content } from '../../message/content.ts'
import type { DurableHandler } from '../receiver.ts'
import type { Notices } from './notices.ts'
import type { Settings } from './settings.ts'

export interface AgreementsInit {
  readonly settings: Settings
  readonly notices: Notices
  /** A new id, and the time in it. */
  readonly header: () => { id: string; timestamp: number }
  readonly note: (note: ChatNote) => Promise<void>
  readonly onChange: () => void
}

/** What holds for both sides because one of them said so: how long messages stay. */
export class Agreements implements DurableHandler {
  readonly durable = true
  readonly #init: AgreementsInit

  constructor(init: AgreementsInit) {
    this.#init = init
  }

  async receive(content: Content): Promise<void> {
    if (!isAgreement(content)) throw new MalformedMessageError('an agreement that is none')
    await this.#agree(content, 'theirs')
  }

  /** Messages stay for so many seconds from now on, on both sides. @throws InvalidSettingError */
  async propose(disappearing: number): Promise<void> {
    const { settings, notices, header } = this.#init
    if (disappearing === settings.current.disappearing) return
    const version = settings.nextVersion
    const content: AgreementContent = { type: 'agreement', ...header(), version, disappearing }
    await notices.add(content, 'agreement')
    await this.#agree(content, 'ours')
  }

  async #agree(content: AgreementContent, side: 'ours' | 'theirs'): Promise<void> {
    const { settings, note, onChange } = this.#init
    const before = settings.current.disappearing
    const seconds = content.disappearing
    if (!(await settings.agree(content)) || before === seconds) return
    await note({ code: 'disappearing-changed', side, seconds })
    onChange()
  }
}
