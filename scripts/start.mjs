// Runs what was built, and installs and builds nothing: for containers and services, whose folders are read-only.
import { launch } from './setup/launch.mjs'

await launch()
