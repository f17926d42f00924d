import type { Answer, Call, Methods } from './methods.ts'

/** Answers the parent's calls until it hangs up; then the process ends, so that no child outlives a broken run. */
export function serve(methods: Methods): void {
  process.on('message', (call: Call) => {
    void answer(methods, call).then((reply) => process.send?.(reply))
  })
  process.once('disconnect', () => {
    process.exit(0)
  })
}

async function answer(methods: Methods, { id, method, args }: Call): Promise<Answer> {
  try {
    const target = methods[method]
    if (target === undefined) throw new RangeError(`no method ${method}`)
    return { id, result: await target(...(args as never[])) }
  } catch (err) {
    return { id, error: err instanceof Error ? (err.stack ?? err.message) : String(err) }
  }
}
