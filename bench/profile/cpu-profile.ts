import { readFile, writeFile } from 'node:fs/promises'
import { SourceMap } from 'node:module'
import path from 'node:path'
import { ROOT } from '../lab/paths.ts'
import type { Profiler } from 'node:inspector'

export type CpuProfile = Profiler.Profile

/** Reads a `.cpuprofile` of a bundled program, with every place in the bundle replaced by the one in the sources. */
export async function readProfile(file: string, bundle: string): Promise<CpuProfile> {
  const profile = JSON.parse(await readFile(file, 'utf8')) as CpuProfile
  const text = await readFile(`${bundle}.map`, 'utf8')
  const map = new SourceMap(JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0])
  for (const { callFrame } of profile.nodes) {
    if (!callFrame.url.endsWith(path.basename(bundle))) continue
    const origin = map.findEntry(callFrame.lineNumber, callFrame.columnNumber)
    if (!('originalSource' in origin)) continue
    callFrame.url = path.relative(ROOT, path.resolve(path.dirname(bundle), origin.originalSource))
    callFrame.lineNumber = origin.originalLine
    callFrame.columnNumber = origin.originalColumn
  }
  return profile
}

export async function writeProfile(file: string, profile: CpuProfile): Promise<void> {
  await writeFile(file, JSON.stringify(profile))
}
