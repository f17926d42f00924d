import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8 from growing its young generation, to 32 MB and more in a busy process, with nothing in it most of the time:
 * a megabyte is enough for messages, at no cost in CPU that we could measure. For a peer that runs all day beside other
 * programs, and on small machines. To be called before much is allocated: what has grown does not shrink for this.
 */
export function keepHeapSmall(): void {
  // the size itself is fixed when the process starts, and then only on its command line: package.json and the Dockerfile
  // say it there, 7 MB less in an idle peer; this is for whoever starts the program otherwise
  setFlagsFromString('--semi-space-growth-factor=1')
}
