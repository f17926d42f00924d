// `npm run build`: the program and the page, whether they are stale or not.
import { ensureBuilt } from './setup/build.mjs'
import { ensureInstalled } from './setup/install.mjs'

ensureInstalled()
ensureBuilt(['program', 'page'], { force: true })
