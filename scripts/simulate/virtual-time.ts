/**
 * A clock that stands still while anything is computed and jumps to the next timer when nothing is: hours pass in seconds,
 * and twice the same. It takes the place of the timers and clocks of the whole process, so that the program's own code
 * runs over it unchanged. Code that leaves the thread (WebCrypto, the disk) would not be waited for.
 */
interface Timer {
  readonly id: number
  readonly at: number
  readonly run: () => void
  readonly everyMs?: number
}

/** What timers return: Node's have methods that some libraries call. */
interface Handle {
  readonly id: number
  unref(): Handle
  ref(): Handle
  [Symbol.toPrimitive](): number
}

export class VirtualTime {
  now: number
  #nextId = 1
  /** By time, then by age: a binary heap. */
  readonly #heap: Timer[] = []
  readonly #live = new Set<number>()

  constructor(startMs: number) {
    this.now = startMs
  }

  /** Replaces the timers and clocks of this process, for good. */
  install(): void {
    const set = (run: () => void, ms = 0, everyMs?: number): Handle => {
      const id = this.#nextId++
      this.#live.add(id)
      const at = this.now + Math.max(0, ms)
      this.#push(everyMs === undefined ? { id, at, run } : { id, at, run, everyMs })
      return handle(id)
    }
    const clear = (given: Handle | number | undefined): void => {
      this.#live.delete(Number(given))
    }
    Object.assign(globalThis, {
      setTimeout: (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
        set(() => {
          run(...args)
        }, ms),
      setInterval: (run: () => void, ms = 1) => set(run, ms, Math.max(1, ms)),
      clearTimeout: clear,
      clearInterval: clear,
    })
    Date.now = () => Math.floor(this.now)
    performance.now = () => this.now
    AbortSignal.timeout = (ms) => {
      const controller = new AbortController()
      set(() => {
        controller.abort(new DOMException('the time is over', 'TimeoutError'))
      }, ms)
      return controller.signal
    }
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    await this.#until(this.now + ms, () => false)
  }

  /** Lets time pass until a promise has settled. @throws what it rejects with */
  async during<Result>(promise: Promise<Result>): Promise<Result> {
    let isSettled = false
    const settle = (): void => {
      isSettled = true
    }
    promise.then(settle, settle)
    await this.#until(Infinity, () => isSettled)
    return promise
  }

  async #until(end: number, isOver: () => boolean): Promise<void> {
    await settled()
    for (;;) {
      const next = this.#heap[0]
      if (isOver() || next === undefined || next.at > end) break
      this.now = Math.max(this.now, next.at)
      // whatever is due at one moment happens in one turn
      while (this.#heap[0] !== undefined && this.#heap[0].at <= this.now) this.#fire(this.#pop())
      await settled()
    }
    if (end < Infinity) this.now = end
  }

  #fire(timer: Timer): void {
    if (!this.#live.has(timer.id)) return
    if (timer.everyMs === undefined) this.#live.delete(timer.id)
    else this.#push({ ...timer, at: timer.at + timer.everyMs })
    timer.run()
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let at = heap.push(timer) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(timer, heap[parent])) break
      this.#swap(at, parent)
      at = parent
    }
  }

  #pop(): Timer {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined) throw new RangeError('no timer')
    if (heap.length === 0) return first
    heap[0] = last
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < heap.length && isBefore(heap[left], heap[least])) least = left
      if (right < heap.length && isBefore(heap[right], heap[least])) least = right
      if (least === at) return first
      this.#swap(at, least)
      at = least
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap
    const [first, second] = [heap[a], heap[b]]
    if (first === undefined || second === undefined) return
    heap[a] = second
    heap[b] = first
  }
}

function isBefore(a: Timer | undefined, b: Timer | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a.at < b.at || (a.at === b.at && a.id < b.id)
}

function handle(id: number): Handle {
  const own: Handle = {
    id,
    unref: () => own,
    ref: () => own,
    [Symbol.toPrimitive]: () => id,
  }
  return own
}

/** Resolves when every promise that could go on has gone on: Node.js empties its microtasks between two immediates. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
