import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { inRoot } from './paths.mjs'

/** A hash of everything that goes into a build: names and contents, so neither checkouts nor clocks can fool it. */
export function fingerprint(files, folders) {
  const hash = createHash('sha256')
  for (const file of [...files, ...folders.flatMap((folder) => walk(folder))]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(inRoot(file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function walk(folder) {
  return readdirSync(inRoot(folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`
      return entry.isDirectory() ? walk(name) : [name]
    })
}
