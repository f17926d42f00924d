import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')

/** Inside the tree, because the bundles look for native packages from there, and on a disk, as data folders are. */
export const BENCH_FOLDER = path.join(ROOT, 'dist', 'bench')

/** What `--profile` leaves behind; opens in Chromium's DevTools and in VS Code. */
export const PROFILE_FOLDER = path.join(BENCH_FOLDER, 'profiles')

/** What `npm run node` runs. */
export const PROGRAM = path.join(ROOT, 'scripts', 'run.mjs')
