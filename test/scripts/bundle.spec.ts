import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { sotto } from '../fixtures/program.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const ENTRY = 'dist/node/sotto.js'

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly imports: readonly { readonly path: string; readonly kind: string }[] }
    >
  >
}

describe('the program as it is shipped', () => {
  before(async function () {
    this.timeout(60_000)
    const { code } = await sotto(['--help']).ended
    expect(code).to.equal(0)
  })

  it('finds in each part that it loads later all that the part needs', async function () {
    this.timeout(60_000)
    const { outputs } = JSON.parse(
      readFileSync(path.join(ROOT, 'dist/node/metafile.json'), 'utf8'),
    ) as Metafile
    const later = Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path: part }) => part),
    )
    const parts = [...new Set(later)].filter((part) => part in outputs && part !== ENTRY)
    expect(parts).to.have.length.above(5)
    for (const part of parts) {
      const script = `import(${JSON.stringify(path.join(ROOT, part))}).then(() => process.exit(0))`
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
    }
  })
})
