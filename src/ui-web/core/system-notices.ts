/**
 * Notices that the operating system shows while nobody looks at the page. Systems keep what they show in stores of their
 * own, outside of our encryption: no text of a message ever goes there. docs/decisions/notifications.md
 */

export interface SystemNotice {
  readonly title: string
  readonly body: string
  /** The user chose this notice. */
  readonly onChosen: () => void
}

/** What the service worker says when a notice of it is chosen. public/notice-worker.js */
interface ChosenNotice {
  readonly chosenNotice: string
}

/** `unsupported`: this browser has none, or not for a page like this. */
export type NoticePermission = NotificationPermission | 'unsupported'

export function noticePermission(): NoticePermission {
  return 'Notification' in globalThis ? Notification.permission : 'unsupported'
}

/** Asks the user; resolves with what holds then. */
export async function askForNotices(): Promise<NoticePermission> {
  return 'Notification' in globalThis ? Notification.requestPermission() : 'unsupported'
}

/** One notice a key at most, and none once what it told of has been read. */
export class SystemNotices {
  readonly #shown = new Map<string, { readonly close: () => void; readonly chosen: () => void }>()
  /** Tags name nobody: a browser may write them down. */
  readonly #tags = new Map<string, string>()

  constructor() {
    if (!('serviceWorker' in navigator)) return
    navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<ChosenNotice>) => {
      for (const [key, tag] of this.#tags) {
        if (tag === data.chosenNotice) this.#shown.get(key)?.chosen()
      }
    })
  }

  async show(key: string, { title, body, onChosen }: SystemNotice): Promise<void> {
    if (noticePermission() !== 'granted') return
    const tag = this.#tags.get(key) ?? `sotto-${crypto.randomUUID()}`
    this.#tags.set(key, tag)
    const options = { body, tag, icon: 'icon-192.png' }
    const chosen = (): void => {
      window.focus()
      this.close(key)
      onChosen()
    }
    const close = openNotice(title, options, chosen) ?? (await openByWorker(title, options))
    if (close !== undefined) this.#shown.set(key, { close, chosen })
  }

  isShown(key: string): boolean {
    return this.#shown.has(key)
  }

  close(key: string): void {
    this.#shown.get(key)?.close()
    this.#shown.delete(key)
  }

  closeAll(): void {
    for (const key of [...this.#shown.keys()]) this.close(key)
  }
}

/** Resolves with what closes it; undefined where only a service worker may show notices, as on Android. */
function openNotice(
  title: string,
  options: NotificationOptions,
  chosen: () => void,
): (() => void) | undefined {
  let notice: Notification
  try {
    notice = new Notification(title, options)
  } catch {
    return undefined
  }
  notice.addEventListener('click', chosen)
  return () => {
    notice.close()
  }
}

async function openByWorker(
  title: string,
  options: NotificationOptions & { readonly tag: string },
): Promise<(() => void) | undefined> {
  if (!('serviceWorker' in navigator)) return undefined
  const registration = await navigator.serviceWorker.getRegistration()
  if (registration === undefined) return undefined
  await registration.showNotification(title, options)
  return () => {
    void registration
      .getNotifications({ tag: options.tag })
      .then((notices) => {
        for (const notice of notices) notice.close()
      })
      // the worker is gone, and its notices with it
      .catch(() => undefined)
  }
}
