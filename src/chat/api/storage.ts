/**
 * Whether what comes in and what is written can be kept. `full`: no room is left. `failed`: the disk, or the browser,
 * takes nothing for another reason. Until it is `ok` again nothing is acknowledged, so that it waits with those who sent it.
 */
export type StorageState = 'ok' | 'full' | 'failed'
